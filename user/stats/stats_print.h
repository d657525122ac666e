/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STATS_PRINT_H
#define BPFSNIFF_STATS_PRINT_H

#include <stdbool.h>

#include "stats/stats.h"

/* Print a report on standard error, as text or as JSON. */
void stats_print(const struct stats *stats, bool json);

/* At the end of a run: whether the sums hold. If not, say in a line each how many frames are missing, or are too many.
 */
bool stats_add_up(const struct stats *stats);

#endif
