/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_JSON_HEADERS_H
#define BPFSNIFF_JSON_HEADERS_H

#include "packet/packet.h"

/* The members of a packet's JSON object that describe its headers, as far as they are there. Each appends what there
 * is, with a comma before it, and returns the new end. */

enum { JSON_HEADERS_MAX = 4096 }; /* bytes that all of them together write at most */

/* "link", "vlan", "mpls", "pppoe" */
char *json_link(char *at, const struct link_header *link);

/* "ip" */
char *json_ip(char *at, const struct ip_header *ip);

/* "tcp" */
char *json_tcp(char *at, const struct tcp_header *tcp);

/* "udp" */
char *json_udp(char *at, const struct udp_header *udp);

#endif
