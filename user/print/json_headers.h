/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_JSON_HEADERS_H
#define BPFSNIFF_JSON_HEADERS_H

#include "base/json.h"
#include "packet/packet.h"

/* The members of a packet's JSON object that describe its headers, as far as they were captured. */

enum { JSON_HEADERS_MAX = 4608 }; /* bytes that all of them together take at most */

/* "link", "vlan", "mpls", "pppoe" */
struct json json_link(struct json json, const struct link_header *link);

/* "ip" */
struct json json_ip(struct json json, const struct ip_header *ip);

/* "tcp", with its analysis; NULL: nothing is known of its connection */
struct json json_tcp(struct json json, const struct tcp_header *tcp, const struct tcp_analysis *analysis);

/* "udp" */
struct json json_udp(struct json json, const struct udp_header *udp);

#endif
