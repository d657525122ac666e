/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FULL_ANALYSIS_H
#define BPFSNIFF_FULL_ANALYSIS_H

#include "packet/packet.h"
#include "print/color.h"

enum { FULL_ANALYSIS_MAX = 1024 }; /* bytes that the line takes at most */

/* Append a line, which starts with a newline, with what a TCP segment means within its connection, if there is anything
 * to say. Returns the new end. */
char *full_analysis(char *at, const struct palette *palette, const struct tcp_analysis *analysis);

#endif
