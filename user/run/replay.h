/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_REPLAY_H
#define BPFSNIFF_REPLAY_H

#include "cli/options.h"

/* Read the files of options->read_paths through the filter, without any privilege. Returns the exit status; errors have
 * been printed. */
int replay_run(const struct options *options);

#endif
