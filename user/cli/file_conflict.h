/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILE_CONFLICT_H
#define BPFSNIFF_FILE_CONFLICT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "cli/options.h"

enum { OUTPUT_PATHS = 3 };

/* The files that the options write; NULL for those that they do not, and for standard output. */
void file_conflict_outputs(const struct options *options, const char *paths[OUTPUT_PATHS]);

/* Whether `path` leads to the regular file of that status. */
bool file_conflict_is(const char *path, const struct stat *status);

/* Note in options->reserved which files the options read: `count` inputs, and captures. 0 or -ENOMEM. */
int file_conflict_reserve(struct options *options, const char *const inputs[], size_t count);

/* Two outputs that are one file, or an output that is also one of `count` inputs: one would overwrite the other.
 * Returns true after one line on standard error. */
bool file_conflict_refuse(const struct options *options, const char *const inputs[], size_t count);

#endif
