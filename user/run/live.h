/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LIVE_H
#define BPFSNIFF_LIVE_H

#include "cli/options.h"

/* Sniff as the options say until something ends it. Returns the exit status; errors have been printed. */
int live_run(const struct options *options);

#endif
