/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SUMMARY_H
#define BPFSNIFF_SUMMARY_H

#include "print/text_sink.h"

/*
 * The parts that a packet's line in the brief style and the first line in the full style are made of. Each appends its
 * text and returns the new end. Those that take a gap, one or two blanks, append it behind their text, or nothing at
 * all when the packet does not say.
 */

enum { SUMMARY_MAX = 2048 }; /* bytes that all of them together write at most */

/* The time, in the sink's style. */
char *summary_time(char *at, struct text_sink *text, const struct frame *frame, unsigned int gap);

/* Interface and direction: eth0 in. */
char *summary_place(char *at, const struct frame *frame, unsigned int gap);

/* What stands between the link-level header and IP, in short: vlan 10,20. */
char *summary_tags(char *at, const struct link_header *link, unsigned int gap);

/* Link type, addresses, EtherType and all of every tag, with gaps only between them. */
char *summary_link(char *at, const struct palette *palette, const struct link_header *link, unsigned int gap);

/* Who talks to whom by which protocol: IPv4 TCP 10.9.0.1:40000 > 10.9.0.2:80. */
char *summary_conversation(char *at, const struct text_sink *text, const struct packet *packet);

/* What begins the line of a header in the full style: two blanks, the name of the header, in its color. */
char *summary_layer(char *at, const struct palette *palette, enum color color, const char *name);

/* The names of the TCP flags that are set, from the low bit on. */
char *summary_tcp_flags(char *at, const struct palette *palette, uint16_t flags);

/* A remark in brackets, of one string or two, with a blank before it. */
char *summary_mark(char *at, const struct palette *palette, const char *what, const char *why);

/* What is wrong with the last header, as marks: it is cut, or contradicts itself. */
char *summary_marks(char *at, const struct palette *palette, const struct packet *packet);

/* What the filter says of it, with two blanks before it; nothing when nobody asked. */
char *summary_verdict(char *at, const struct palette *palette, const struct packet *packet);

#endif
