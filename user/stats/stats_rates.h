/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STATS_RATES_H
#define BPFSNIFF_STATS_RATES_H

#include "stats/stats.h"

/* What the last of several reports said, and when. */
struct stats_rates {
	int64_t time_ns; /* of CLOCK_MONOTONIC */
	uint64_t seen, accepted, lost;
};

/* The first report says what has come since now. */
void stats_rates_start(struct stats_rates *rates);

/* Print the time of day and the frames a second since the last report, in a line on standard error. */
void stats_rates_print(struct stats_rates *rates, const struct stats *stats);

/* Rewrite the last line of the terminal that standard error is, with the numbers so far and the accepted frames a
 * second since the last report. */
void stats_rates_show(struct stats_rates *rates, const struct stats *stats);

#endif
