/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TERMINAL_H
#define BPFSNIFF_TERMINAL_H

#include <stdbool.h>

/* Is this descriptor a terminal that understands escape sequences? TERM=dumb says that it does not. */
bool terminal_takes_escapes(int fd);

/* How many columns it has; 0: unknown. */
unsigned int terminal_columns(int fd);

#endif
