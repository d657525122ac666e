/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_BRIEF_TCP_H
#define BPFSNIFF_BRIEF_TCP_H

#include "print/text_sink.h"

enum { BRIEF_TCP_MAX = 2048 }; /* bytes that the two together take at most */

/* Flags and numbers of a segment, each part with a blank before it: where its payload lies, or what it acknowledges;
 * all of them of a SYN, and those that an event is about. */
char *brief_tcp(char *at, const struct text_sink *text, const struct packet *packet);

/* What is special about it: the options of a SYN, and what it means within its connection. */
char *brief_tcp_news(char *at, const struct text_sink *text, const struct packet *packet);

#endif
