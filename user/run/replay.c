/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/capture_setup.h"
#include "cli/option_typed.h"
#include "ebpf/dump_filter.h"
#include "filter/explain.h"
#include "filter/expression.h"
#include "filter/offline_filter.h"
#include "run/flow_report.h"
#include "run/metrics_report.h"
#include "run/open_sinks.h"
#include "run/option_parts.h"
#include "run/pipeline.h"
#include "run/replay_files.h"
#include "run/tcp_report.h"
#include "sandbox/confine.h"
#include "savefile/owner_comment.h"
#include "savefile/savefile_read.h"
#include "stats/stats_print.h"
#include "stats/stats_rates.h"

struct replay {
	const struct options *options;
	struct offline_filter offline;
	struct explainer explainer;
	struct tcp_report tcp;
	struct owner_comments owners; /* with --owner */
	struct flow_report flows;
	struct metrics_report metrics;
	struct pipeline pipeline;
	struct stats_rates rates;
	struct replay_files files;
};

static void read_stats(const struct replay *replay, struct stats *stats)
{
	const struct offline_filter *offline = &replay->offline;

	*stats = (struct stats){.seen = offline->seen, .delivered = replay->pipeline.delivered};
	offline_filter_evicted(offline, &stats->evicted, &stats->connections_evicted);
	stats->connections_forgotten = tcp_report_forgotten(&replay->tcp);
	memcpy(stats->verdict, offline->counts, sizeof(stats->verdict));
	flow_report_stats(&replay->flows, stats);
}

static void report(void *context, bool periodic)
{
	struct replay *replay = context;
	struct stats stats;

	read_stats(replay, &stats);
	if (periodic && replay->options->format != FORMAT_JSON)
		stats_rates_print(&replay->rates, &stats);
	stats_print(&stats, replay->options->format == FORMAT_JSON);
}

static int read_metrics(void *context, struct stats *stats)
{
	read_stats(context, stats);
	return 0;
}

static void counters(void *context, struct savefile_counters *result)
{
	const struct replay *replay = context;
	struct stats stats;

	read_stats(replay, &stats);
	*result = (struct savefile_counters){
		.received = stats.seen,
		.accepted = stats.verdict[VERDICT_ACCEPTED],
		.dropped = stats.lost,
	};
}

/* Call this before the first byte is read. */
static int give_up_power(struct replay *replay)
{
	const struct options *options = replay->options;
	const struct confinement confinement = {.role = ROLE_READ, .user = options->user, .directory = -1};
	int ret = offline_filter_hire_compiler(&replay->offline, options->user);

	if (!ret)
		return confine_or_explain(&confinement);
	log_line("cannot start the process that compiles the expression: %s", strerror(-ret));
	return ret;
}

static void explain_rejected(struct replay *replay)
{
	struct pipeline *pipeline = &replay->pipeline;

	explainer_init(&replay->explainer, &replay->offline);
	pipeline->annotators[pipeline->annotator_count++] = &replay->explainer.annotator;
	pipeline->shows_rejected = true;
}

/* What is printed has no room for times that far away. */
static void tell_missing_times(void *context, const struct replay_files *files)
{
	const struct replay *replay = context;
	uint64_t first, count = savefile_read_beyond(files->reader, &first);

	if (count && replay->options->prints && !replay->options->count_only)
		log_line("%s: packet %" PRIu64 "%s shown without a time, which is before 1677 or after 2262",
			 savefile_read_name(files->reader), first, count > 1 ? " and others are" : " is");
}

/* What becomes of a packet: judged, annotated, cut. */
static int open_stages(struct replay *replay)
{
	const struct options *options = replay->options;
	struct pipeline *pipeline = &replay->pipeline;

	if (offline_filter_init(&replay->offline, &options->spec, options->expression)) {
		log_line("out of memory for the filter");
		return -ENOMEM;
	}
	pipeline->offline = &replay->offline;
	pipeline->limits = option_limits(options);
	if (options->explain)
		explain_rejected(replay);
	if (options->snaplen < SNAPLEN_MAX) /* a file may hold longer frames than an interface shows */
		pipeline->snaplen = options->snaplen;
	if (options->owner) {
		owner_comments_init(&replay->owners);
		pipeline_annotate_first(pipeline, &replay->owners.annotator);
	}
	return tcp_report_open(&replay->tcp, options, pipeline);
}

static int open_outputs(struct replay *replay)
{
	const struct options *options = replay->options;
	struct pipeline *pipeline = &replay->pipeline;
	int ret = 0;

	pipeline->report = report;
	pipeline->context = replay;
	replay->metrics.read = read_metrics;
	replay->metrics.context = replay;
	if (!options->dump_filter && !options->count_only)
		ret = open_sinks(options, counters, pipeline);
	if (!ret)
		ret = flow_report_open(&replay->flows, options, NULL, pipeline);
	if (!ret && !options->dump_filter)
		ret = metrics_report_open(&replay->metrics, options, pipeline);
	if (!ret && options->write_path && options->read_count == 1)
		open_sinks_copy_blocks(replay->files.reader, pipeline);
	return ret;
}

static int open_pipeline(struct replay *replay)
{
	const struct options *options = replay->options;
	struct pipeline *pipeline = &replay->pipeline;
	int ret;

	pipeline_init(pipeline);
	ret = replay_files_open(&replay->files, options->read_paths, options->read_count, &pipeline->loop);
	if (!ret)
		ret = pipeline_take_signals(pipeline);
	if (ret)
		return ret;
	replay->files.finished = tell_missing_times;
	replay->files.context = replay;
	pipeline->source = &replay->files.source;
	ret = open_stages(replay);
	if (!ret)
		ret = open_outputs(replay);
	return ret ? ret : give_up_power(replay);
}

/* Returns the exit status. */
static int refuse_expression(const struct replay *replay, int error, const char *why)
{
	capture_setup_refuse_expression(replay->options->expression, replay->options->hidden_in,
					error == -EINVAL ? why : strerror(-error));
	return EXIT_USAGE;
}

/* Returns as next(), but never 0; -EINTR on a signal. */
static int first_frame(struct pipeline *pipeline, struct frame *frame)
{
	int ret;

	while (!(ret = pipeline->source->next(pipeline->source, frame))) {
		event_loop_wait(&pipeline->loop, -1);
		if (pipeline->end != PIPELINE_GOES_ON)
			return -EINTR;
	}
	return ret;
}

/* Print the expression as compiled for the link type of the first packet. Returns the exit status. */
static int dump(struct replay *replay)
{
	static char buffer[BUFSIZ];
	const char *reason = replay->offline.expressions.error;
	const struct expression *expression;
	struct frame frame;
	int ret = first_frame(&replay->pipeline, &frame);

	if (ret < 0) {
		if (*savefile_read_error(replay->files.reader))
			log_line("%s", savefile_read_error(replay->files.reader));
		else
			log_line("cannot compile the expression for the unknown link type of %s: %s",
				 savefile_read_name(replay->files.reader),
				 ret == -ENODATA ? "the file has no packets" : strerror(-ret));
		return EXIT_FAILURE;
	}
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer)); /* libc would call fstat(2) before it allocates one */
	ret = expression_set_get(&replay->offline.expressions, frame.interface->link_type, &expression);
	if (!ret)
		ret = dump_expression(expression, &reason);
	return ret ? refuse_expression(replay, ret, reason) : EXIT_SUCCESS;
}

static void say_undecoded(const struct offline_filter *offline)
{
	for (size_t i = 0; i < offline->undecoded_count; i++) {
		const struct undecoded *undecoded = &offline->undecoded[i];
		const char *name = expression_link_type_name(undecoded->link_type);

		log_line("cannot decode link type %u%s%s%s: its packets (%llu) count as not-ip", undecoded->link_type,
			 name ? " (" : "", name ? name : "", name ? ")" : "", (unsigned long long)undecoded->frames);
	}
}

static void say_undirected(const struct offline_filter *offline)
{
	const bool one = offline->undirected == 1;

	if (offline->undirected)
		log_line("%s had no effect on %" PRIu64 " packet%s: the file does not say in which direction %s went",
			 option_typed('Q'), offline->undirected, one ? "" : "s", one ? "it" : "they");
}

/* As tcpdump --count. */
static void print_count(uint64_t packets)
{
	static char buffer[BUFSIZ];

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer)); /* libc would call fstat(2) before it allocates one */
	printf("%" PRIu64 " packet%s\n", packets, packets == 1 ? "" : "s");
}

/* What is no capture leaves the outputs as they were, and so does an expression that does not compile for the first
 * packet. */
static bool has_begun(const struct replay *replay, enum pipeline_end end)
{
	if (end != PIPELINE_SOURCE_ERROR || replay->pipeline.delivered)
		return true;
	return *savefile_read_error(replay->files.reader) && savefile_read_has_header(replay->files.reader);
}

/* Returns the exit status. */
static int finish(struct replay *replay, enum pipeline_end end)
{
	struct pipeline *pipeline = &replay->pipeline;
	const char *damage = savefile_read_error(replay->files.reader);
	int status = EXIT_SUCCESS, error = has_begun(replay, end) ? pipeline_finish(pipeline) : 0;
	struct stats stats;

	metrics_report_write(&replay->metrics);
	if (option_reader_left(replay->options, error)) {
		if (replay->options->stats_ns)
			report(replay, false);
		return status;
	}
	if (error) {
		open_sinks_explain(replay->options, pipeline, error);
		status = EXIT_FAILURE;
	} else if (end == PIPELINE_SOURCE_ERROR && !*damage) {
		return refuse_expression(replay, pipeline->error, replay->offline.expressions.error);
	} else if (end == PIPELINE_SOURCE_ERROR) {
		log_line("%s", damage);
		status = EXIT_FAILURE;
		if (!replay->offline.seen && !savefile_read_has_header(replay->files.reader))
			return status;
	}
	if (replay->options->count_only)
		print_count(pipeline->delivered);
	say_undecoded(&replay->offline);
	say_undirected(&replay->offline);
	tell_missing_times(replay, &replay->files);
	read_stats(replay, &stats);
	if (!stats_add_up(&stats))
		status = EXIT_FAILURE;
	tcp_report_print(&replay->tcp);
	stats_print(&stats, replay->options->format == FORMAT_JSON);
	return status;
}

int replay_run(const struct options *options)
{
	static struct replay replay;
	int ret, status = EXIT_FAILURE;

	replay.options = options;
	stats_rates_start(&replay.rates);
	ret = open_pipeline(&replay);
	if (ret == -ECANCELED)
		status = EXIT_SUCCESS;
	else if (!ret)
		status = options->dump_filter ? dump(&replay) : finish(&replay, pipeline_run(&replay.pipeline));
	open_sinks_close(&replay.pipeline);
	replay_files_close(&replay.files);
	pipeline_release(&replay.pipeline);
	offline_filter_release(&replay.offline);
	tcp_report_close(&replay.tcp);
	flow_report_close(&replay.flows);
	metrics_report_close(&replay.metrics);
	return status;
}
