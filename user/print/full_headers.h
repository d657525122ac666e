/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FULL_HEADERS_H
#define BPFSNIFF_FULL_HEADERS_H

#include "print/text_sink.h"

/* The lines of the full style that show every captured field of a header. Each line starts with a newline and has none
 * at its end. Returns the new end. */

enum { FULL_HEADERS_MAX = 4096 }; /* bytes that IP and TCP together take at most */

char *full_ip(char *at, const struct palette *palette, const struct ip_header *ip);
char *full_tcp(char *at, const struct text_sink *text, const struct packet *packet);
char *full_udp(char *at, const struct palette *palette, const struct udp_header *udp);

#endif
