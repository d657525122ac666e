/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_ID_H
#define BPFSNIFF_FLOW_ID_H

#include "abi.h"

enum { DATAGRAMS_MAX = 4096 }; /* whose fragments are followed at a time */

/* A flow, its endpoints in an order that both directions share. */
struct flow_id {
	__u64 low[2];
	__u64 high[2];
	__u16 low_port;
	__u16 high_port;
	__u8 protocol;
	__u8 version; /* of IP: an IPv6 packet may have the addresses that IPv4 ones are mapped to */
	__u8 padding[2];
};

/* What the fragments of one datagram have in common (RFC 791, 2.3; RFC 8200, 4.5). */
struct datagram_id {
	__u64 source[2];
	__u64 destination[2];
	__u32 id; /* as in struct flow_key */
	__u32 version;
};

/* What only the first fragment has. */
struct datagram_ports {
	__u16 source_port;
	__u16 destination_port;
	__u8 protocol;
	__u8 flags; /* FLOW_HAS_PORTS, FLOW_HAS_SOURCE_PORT */
	__u8 padding[2];
};

/*
 * The names of a frame's flow and datagram. In the kernel they are not built on the stack: for a loader without
 * CAP_PERFMON, older verifiers (Linux 6.1) let a word there be written only as a whole.
 */
struct flow_ids {
	struct flow_id flow;
	struct datagram_id datagram;
	struct datagram_ports ports;
};

_Static_assert(sizeof(struct flow_id) == 40, "flow_id has no holes");
_Static_assert(sizeof(struct datagram_id) == 40, "datagram_id has no holes");
_Static_assert(sizeof(struct datagram_ports) == 8, "datagram_ports has no holes");

#endif
