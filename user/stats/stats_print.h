/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STATS_PRINT_H
#define BPFSNIFF_STATS_PRINT_H

#include <stdbool.h>

#include "stats/stats.h"

/* Print a report on standard error, as text or as JSON. */
void stats_print(const struct stats *stats, bool json);

#endif
