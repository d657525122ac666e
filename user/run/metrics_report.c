/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/metrics_report.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/open_sinks.h"
#include "stats/metrics_text.h"

static int explain(const struct metrics_report *report, int error)
{
	log_line("cannot write to '%s': %s", report->path, savefile_write_error(-error));
	return error;
}

static void on_second(void *context, int fd, short events)
{
	(void)fd;
	(void)events;
	metrics_report_write(context);
}

/* 0 or -errno. */
static int write_now(const struct metrics_report *report)
{
	char text[METRICS_TEXT_MAX];
	struct stats stats = {0};
	int ret = report->read(report->context, &stats);

	return ret ? ret : file_publisher_write(report->publisher, text, metrics_text(&stats, report->start, text));
}

int metrics_report_open(struct metrics_report *report, const struct options *options, struct pipeline *pipeline)
{
	const struct file_owner owner = open_sinks_owner(options);
	int ret;

	if (!options->metrics_path)
		return 0;
	report->start = (double)clock_real_ns() / NSEC_PER_SEC;
	report->path = options->metrics_path;
	ret = file_publisher_start(report->path, &owner, &report->publisher);
	/* What cannot be written is said before the capture begins. */
	if (!ret)
		ret = write_now(report);
	if (ret)
		return explain(report, ret);
	return event_loop_add_timer(&pipeline->loop, NSEC_PER_SEC, true, on_second, report);
}

void metrics_report_write(struct metrics_report *report)
{
	int ret = report->publisher ? write_now(report) : 0;

	if (ret && !report->failed)
		explain(report, ret);
	report->failed = ret;
}

void metrics_report_close(struct metrics_report *report)
{
	file_publisher_stop(report->publisher);
	report->publisher = NULL;
}
