/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CONTROL_CLIENT_H
#define BPFSNIFF_CONTROL_CLIENT_H

#include "cli/options.h"

/* Print the report of the running sniffer options->status_pid. Returns the exit status; errors have been printed. */
int control_client_status(const struct options *options);

/* Load the filter of the options and have the running sniffer options->set_filter_pid put it in force. Returns the exit
 * status; errors have been printed, and then its old filter is in force. */
int control_client_set_filter(struct options *options);

#endif
