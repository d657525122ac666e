/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_NEAREST_H
#define BPFSNIFF_OPTION_NEAREST_H

#include <argp.h>
#include <stddef.h>

enum { OPTION_NAMES_MAX = 256 }; /* bytes of a list of names */

/*
 * The options that somebody probably meant who typed the first `length` bytes of a word: those from which it differs
 * least, as "--host", or "--stats or --status". Empty when no option is near.
 */
void option_nearest(const struct argp_option *table, const char *word, size_t length, char names[OPTION_NAMES_MAX]);

/* The options whose names begin like that, listed the same way. */
void option_beginning(const struct argp_option *table, const char *word, size_t length, char names[OPTION_NAMES_MAX]);

#endif
