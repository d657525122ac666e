/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_SLIP_H
#define BPFSNIFF_EXPRESSION_SLIP_H

#include <stdbool.h>

enum { EXPRESSION_SLIP_MAX = 160 }; /* bytes of an expression, terminator included */

/* What an expression that libpcap refuses probably means, such as `host 10.9.0.1` for an address by itself. False if
 * nothing is found that libpcap takes, or if a name would have to be looked up for it. */
bool expression_slip(const char *text, char meant[EXPRESSION_SLIP_MAX]);

#endif
