/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_CONTRADICTION_H
#define BPFSNIFF_EXPRESSION_CONTRADICTION_H

#include <stdbool.h>
#include <stddef.h>

/* Expressions that no packet can match whatever the options, such as `tcp and udp`. */

/* Whether libpcap finds that an expression is one. False too if it is long or cannot be compiled. */
bool expression_contradicts_itself(const char *text);

/* Say in a sentence, which quotes it, that no packet can match an expression that libpcap has refused for that reason,
 * and what to write in its place. Returns `sentence`. */
const char *expression_contradiction_explain(const char *text, char *sentence, size_t size);

#endif
