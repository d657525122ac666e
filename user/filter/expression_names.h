/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_NAMES_H
#define BPFSNIFF_EXPRESSION_NAMES_H

#include <stdbool.h>

/* Whether an expression names a protocol that is neither TCP nor UDP, and may match its packets: icmp or port 53, but
 * not `not icmp`. */
bool expression_names_others(const char *text);

#endif
