/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_HELP_H
#define BPFSNIFF_OPTION_HELP_H

#include <argp.h>

/* Print the options that people use most, and examples, on standard output: a screenful. */
void option_help_short(void);

/* Print every option of a table on standard output, in its order, under its headings. */
void option_help_long(const struct argp_option *table);

#endif
