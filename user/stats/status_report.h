/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STATUS_REPORT_H
#define BPFSNIFF_STATUS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

struct live;
struct stats;

/* The report of a running sniffer, for --status: a few lines of text, or one JSON object. Writes at most `size` bytes
 * with the terminator; returns the length. */
size_t status_report(const struct live *live, const struct stats *stats, bool json, char *text, size_t size);

#endif
