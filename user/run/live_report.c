/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a capture while it runs. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/terminal.h"
#include "base/time_units.h"
#include "run/live_internal.h"
#include "stats/stats_print.h"

static void report(void *context, bool periodic)
{
	struct live *live = context;
	struct stats stats;

	if (live_flows_read(live) || live_stats_read(live, &stats))
		return;
	if (periodic && !live->options->stats_ns) {
		stats_rates_show(&live->rates, &stats);
		return;
	}
	if (periodic && live->options->format != FORMAT_JSON)
		stats_rates_print(&live->rates, &stats);
	stats_print(&stats, live->options->format == FORMAT_JSON);
}

static int read_metrics(void *context, struct stats *stats)
{
	struct live *live = context;
	int ret;

	if (!live->ring) /* the capture has not begun: all is zero */
		return 0;
	ret = live_flows_read(live);
	return ret ? ret : live_stats_read(live, stats);
}

int live_metrics_open(struct live *live)
{
	live->metrics.read = read_metrics;
	live->metrics.context = live;
	return metrics_report_open(&live->metrics, live->options, &live->pipeline);
}

void live_count_for_file(void *context, struct savefile_counters *result)
{
	const struct live *live = context;
	struct stats stats;

	if (live_stats_read(live, &stats))
		return;
	*result = (struct savefile_counters){
		.received = stats.seen,
		.accepted = stats.verdict[VERDICT_ACCEPTED],
		.dropped = stats.lost,
	};
}

/* A long capture to a file shows on a terminal that it lives. */
static bool shows_progress(const struct options *options)
{
	return options->write_path && strcmp(options->write_path, "-") != 0 && !options->prints &&
	       terminal_takes_escapes(STDERR_FILENO);
}

/* Someone reads the messages: at a terminal, or later in a file. A program that starts this one has a pipe. */
static bool has_reader(void)
{
	struct stat status;

	return isatty(STDERR_FILENO) || (!fstat(STDERR_FILENO, &status) && S_ISREG(status.st_mode));
}

void live_set_up_reports(struct live *live)
{
	struct pipeline *pipeline = &live->pipeline;

	pipeline->limits.silence_ns = has_reader() && live->options->copies ? LIVE_SILENCE_NS : 0;
	if (!live->options->stats_ns && shows_progress(live->options))
		pipeline->limits.stats_ns = NSEC_PER_SEC;
	pipeline->report = report;
	pipeline->silence = live_say_silence;
	pipeline->context = live;
}
