/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_READ_LIST_H
#define BPFSNIFF_READ_LIST_H

#include <argp.h>

struct options;

/* The files to read, in their order: options->read_paths. */

/* Add a file. 0 or ENOMEM. */
error_t read_list_add(struct options *options, const char *path);

/* Add the files that a file names, a name a line (-: standard input); blank lines count for nothing. 0, or an errno
 * after one line on standard error. */
error_t read_list_add_file(struct options *options, int key, const char *path);

#endif
