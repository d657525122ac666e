/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EARLY_END_H
#define BPFSNIFF_EARLY_END_H

#include "cli/options.h"

/* Until the pipeline takes them, SIGINT and SIGTERM end the sniffer at once, also within libpcap: with status 0 and the
 * statistics of no packets. Where something else was asked for (--count, -d, a command), the signal is the status. */
void early_end_prepare(const struct options *options);

#endif
