/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_TOTALS_H
#define BPFSNIFF_FLOW_TOTALS_H

#include "flow_id.h"

/* What is counted of a flow. All zeros: nothing yet. Times are in ns, from any start; 0: not known. */

/* What one end has sent. */
struct flow_side {
	__u64 packets;
	__u64 bytes; /* of IP packets, headers included */
	__u64 rtt;   /* the shortest time after which it has acknowledged a segment of the other end; 0: not known */
	__u32 retransmissions;
	__u32 tcp_flags; /* that one of its segments had */
};

enum flow_origin {
	FLOW_FROM_HIGH = 1, /* the first packet came from the high endpoint */
	FLOW_SYN_LOW = 2,   /* the low endpoint has opened the connection */
	FLOW_SYN_HIGH = 4,
	FLOW_UNUSED = 8, /* another CPU has added the flow at the same moment: these are nobody's */
};

struct flow_totals {
	struct flow_side sides[2]; /* low, high: as in struct flow_id */
	__u64 first, last;         /* times of packets */
	__u64 handshake;           /* from the SYN to the ACK of the SYN,ACK; 0: not known */
	__u32 origin;              /* enum flow_origin */
	__u32 padding;
};

/* What a packet adds to its flow. */
struct flow_packet {
	struct flow_id id;
	__u64 time;
	__u64 rtt;       /* as in struct flow_side; 0: it tells none */
	__u64 handshake; /* as in struct flow_totals */
	__u32 bytes;
	__u8 tcp_flags;
	__u8 from_high;
	__u8 retransmission;
	__u8 padding;
};

_Static_assert(sizeof(struct flow_side) == 32, "flow_side has no holes");
_Static_assert(sizeof(struct flow_totals) == 96, "flow_totals has no holes");
_Static_assert(sizeof(struct flow_packet) == 72, "flow_packet has no holes");

#endif
