/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_METRICS_TEXT_H
#define BPFSNIFF_METRICS_TEXT_H

#include <stddef.h>

#include "stats/stats.h"

enum { METRICS_TEXT_MAX = 8192 };

/* The statistics in Prometheus' text format (version 0.0.4); `start` is when the sniffer has started, in seconds since
 * 1970-01-01 UTC. Returns the length. */
size_t metrics_text(const struct stats *stats, double start, char text[METRICS_TEXT_MAX]);

#endif
