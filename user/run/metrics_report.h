/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_METRICS_REPORT_H
#define BPFSNIFF_METRICS_REPORT_H

#include "cli/options.h"
#include "run/pipeline.h"
#include "savefile/file_publisher.h"
#include "stats/stats.h"

/* --metrics: the statistics in a file, written anew every second. */
struct metrics_report {
	struct file_publisher *publisher; /* NULL: not wanted */
	const char *path;
	/* Read the statistics. 0 or -errno. */
	int (*read)(void *context, struct stats *stats);
	void *context;
	double start; /* seconds since 1970-01-01 UTC */
	bool failed;  /* and that was said */
};

/* If the options ask for it, have the file written from now on while the pipeline runs. `read` and `context` are filled
 * in. 0, or -errno after one line on standard error. */
int metrics_report_open(struct metrics_report *report, const struct options *options, struct pipeline *pipeline);

/* Write the file now. A failure is said once. */
void metrics_report_write(struct metrics_report *report);

/* Takes a zeroed struct too. */
void metrics_report_close(struct metrics_report *report);

#endif
