/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_TYPED_H
#define BPFSNIFF_OPTION_TYPED_H

#include <argp.h>

/* Options as the user typed them, for messages: a process has one command line. */

/* Note how the option that argp has just parsed was typed, with its value or NULL. */
void option_note_typed(const struct argp_state *state, int key, const char *value);

/* The option as it was typed last, "-s", "-tttt" or "--snaplen"; with its long name if it was not typed. Valid until it
 * is noted again. */
const char *option_typed(int key);

#endif
