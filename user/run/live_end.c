/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/live_internal.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "capture/capture_setup.h"
#include "cli/option_typed.h"
#include "run/open_sinks.h"
#include "stats/stats_print.h"

/* What the kernel has accepted and nobody has taken out of a ring yet. */
static uint64_t left_in_rings(const struct live *live)
{
	uint64_t accepted, lost, taken = live->log.delivered;
	struct kernel_filter_counts counts;

	lost = live->past.lost + ring_lost(live->ring);
	if (!live->options->copies || kernel_filter_read(live->filter, &counts))
		return 0;
	accepted = live->past.verdict[VERDICT_ACCEPTED] + counts.verdict[VERDICT_ACCEPTED];
	return accepted > lost + taken ? accepted - lost - taken : 0;
}

/* Whoever asked for so many packets, or has closed the pipe, has no use for more: they are no part of the report. */
static bool has_enough(const struct live *live, enum pipeline_end end)
{
	return end == PIPELINE_COUNT ||
	       (end == PIPELINE_SINK_ERROR && option_reader_left(live->options, live->pipeline.error));
}

enum pipeline_end live_drain(struct live *live, enum pipeline_end end)
{
	struct pipeline *pipeline = &live->pipeline;

	if (live->control)
		event_loop_remove(&pipeline->loop, control_fd(live->control));
	kernel_filter_stop(live->filter);
	ring_stop(live->ring);
	if (end == PIPELINE_SIGNAL || end == PIPELINE_DURATION || end == PIPELINE_GONE) {
		enum pipeline_end drained = pipeline_drain(pipeline, pipeline->shown + left_in_rings(live));

		end = end == PIPELINE_GONE && drained != PIPELINE_SINK_ERROR ? end : drained;
	}
	if (has_enough(live, end))
		live->discarded = pipeline_discard(pipeline, left_in_rings(live));
	return end;
}

/* Nobody has read the output in time. */
static void say_unread(const struct stats *stats)
{
	uint64_t unwritten = stats->verdict[VERDICT_ACCEPTED] - stats->delivered - stats->lost;

	log_line("the output is incomplete because nobody reads it: %llu accepted packet%s not written",
		 (unsigned long long)unwritten, unwritten == 1 ? " was" : "s were");
}

/* 0 or -errno. */
static int finish_output(struct live *live)
{
	int ret, written;

	if (live->kernel_flows) /* a frame may still be on its way through the filter */
		kernel_flows_wait(live->kernel_flows);
	ret = live_flows_read(live);
	if (!ret)
		ret = flow_report_finish(&live->flows);
	written = pipeline_finish(&live->pipeline);
	return ret ? ret : written;
}

int live_finish(struct live *live, enum pipeline_end end)
{
	int error = finish_output(live);
	bool reader_left = option_reader_left(live->options, error);
	bool is_quiet = reader_left && !live->options->for_wireshark;
	struct stats stats;
	bool adds_up;

	if (reader_left)
		error = 0;
	if (error && error != -EINTR)
		open_sinks_explain(live->options, &live->pipeline, error);
	if (*live->offline.expressions.error)
		capture_setup_refuse_expression(live->options->expression, live->options->hidden_in,
						live->offline.expressions.error);
	if (live_stats_read(live, &stats)) {
		log_line("cannot read the statistics from the kernel");
		return EXIT_FAILURE;
	}
	if (error == -EINTR)
		say_unread(&stats);
	metrics_report_write(&live->metrics);
	adds_up = is_quiet || error == -EINTR || stats_add_up(&stats);
	if (!is_quiet || live->options->stats_ns) {
		tcp_report_print(&live->tcp);
		stats_print(&stats, live->options->format == FORMAT_JSON);
	}
	if (is_quiet)
		return EXIT_SUCCESS;
	if (live->command_ended && adds_up && !error)
		return command_status(&live->command);
	return !adds_up || error || end == PIPELINE_SOURCE_ERROR || end == PIPELINE_GONE ? EXIT_FAILURE : EXIT_SUCCESS;
}
