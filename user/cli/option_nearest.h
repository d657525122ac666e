/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_NEAREST_H
#define BPFSNIFF_OPTION_NEAREST_H

#include <argp.h>
#include <stddef.h>

enum { OPTION_NAMES_MAX = 256 }; /* bytes of a list of names, terminator included */

/*
 * Write the options nearest to the first `length` bytes of a word, without its dashes, into `names`: "--host", or
 * "--stats or --status" if several are equally near. Empty if none is near.
 */
void option_nearest(const struct argp_option *table, const char *word, size_t length, char names[OPTION_NAMES_MAX]);

/* List the options whose names begin with the first `length` bytes of a word in the same way. */
void option_beginning(const struct argp_option *table, const char *word, size_t length, char names[OPTION_NAMES_MAX]);

#endif
