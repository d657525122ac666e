/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILE_CONFLICT_H
#define BPFSNIFF_FILE_CONFLICT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/* Note in options->reserved which regular files the options read: `count` inputs, and captures. 0 or -ENOMEM. */
int file_conflict_reserve(struct options *options, const char *const inputs[], size_t count);

/* Two outputs that are one file, or an output that is a reserved file: one would overwrite the other. Returns true
 * after one line on standard error. */
bool file_conflict_refuse(const struct options *options);

#endif
