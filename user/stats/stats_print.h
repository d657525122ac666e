/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STATS_PRINT_H
#define BPFSNIFF_STATS_PRINT_H

#include "cli/options.h"
#include "stats/stats.h"

/* Print a report on standard error, as JSON when packets are. */
void stats_print(const struct options *options, const struct stats *stats);

#endif
