/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SUMMARY_H
#define BPFSNIFF_SUMMARY_H

#include "print/text_sink.h"

/*
 * The parts of a packet's line in the brief style and of its first line in the full style. Each appends its text and
 * returns the new end. Those that take a gap, one or two blanks, append it after their text, or append nothing if the
 * packet does not have what they show.
 */

enum { SUMMARY_MAX = 2304 }; /* bytes that all of them together take at most */

/* The time, in the sink's style. */
char *summary_time(char *at, struct text_sink *text, const struct frame *frame, unsigned int gap);

/* With --lengths, what was captured of the frame and its length on the wire. */
char *summary_lengths(char *at, const struct text_sink *text, const struct frame *frame, unsigned int gap);

/* Interface and direction: eth0 in. */
char *summary_place(char *at, const struct frame *frame, unsigned int gap);

/* What lies between the link-level header and IP, in short: vlan 10,20. */
char *summary_tags(char *at, const struct link_header *link, unsigned int gap);

/* Link type, addresses, EtherType and all fields of every tag, with gaps only between them. */
char *summary_link(char *at, const struct palette *palette, const struct link_header *link, unsigned int gap);

/* Who talks to whom by which protocol: IPv4 TCP 10.9.0.1:40000 > 10.9.0.2:80. */
char *summary_conversation(char *at, const struct text_sink *text, const struct packet *packet);

/* The same in short and without color: the version of IP only where no protocol is known. */
char *summary_conversation_short(char *at, const struct text_sink *text, const struct packet *packet);

/* The start of a header's line in the full style: newline, two blanks, the header's name in its color. */
char *summary_layer(char *at, const struct palette *palette, enum color color, const char *name);

/* The names of the TCP flags that are set, from the low bit on. */
char *summary_tcp_flags(char *at, const struct palette *palette, uint16_t flags);

/* A remark in brackets, the concatenation of two strings, with a blank before it. */
char *summary_mark(char *at, const struct palette *palette, const char *what, const char *why);

/* Marks for what is wrong with the last header: it is cut, or contradicts itself. */
char *summary_marks(char *at, const struct palette *palette, const struct packet *packet);

/* The filter's verdict, with two blanks before it; nothing if it was not requested. */
char *summary_verdict(char *at, const struct palette *palette, const struct packet *packet);

#endif
