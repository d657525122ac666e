/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STATUS_REPORT_H
#define BPFSNIFF_STATUS_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/stats.h"

/* What a running sniffer tells of itself, for --status. */
struct status_report {
	const struct stats *stats;
	const char *filter;            /* the text of the filter in force; "": the default */
	int64_t filter_since;          /* seconds since 1970-01-01 UTC */
	const char *const *interfaces; /* names, as they were at the start */
	size_t interface_count;
	const char *output;  /* the style, or the file that is written */
	const char *headers; /* how the filter in the kernel reads them */
};

/* A few lines of text, cut if they are too long, or one JSON object, or nothing if that does not fit. Writes at most
 * `size` bytes with the terminator; returns the length. */
size_t status_report(const struct status_report *report, bool json, char *text, size_t size);

#endif
