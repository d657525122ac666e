/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_SETTLE_H
#define BPFSNIFF_OPTION_SETTLE_H

#include "cli/options.h"

/* What is left to do for options_parse() once names may be looked up, before anything is opened: look up the names of
 * hosts, settle the default of --protocol, and refuse a filter that no packet can match. 0, or a status to exit with
 * after one line on standard error. */
int options_settle(struct options *options);

#endif
