/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_KEY_H
#define BPFSNIFF_FLOW_KEY_H

#include "abi.h"

enum flow_flags {
	FLOW_MALFORMED = 1, /* cannot be followed to a protocol */
	FLOW_HAS_ADDRESSES = 2,
	FLOW_HAS_PORTS = 4,
	FLOW_HAS_TCP_FLAGS = 8,
	FLOW_LATER_FRAGMENT = 16,
	FLOW_FIRST_FRAGMENT = 32,  /* more are to come */
	FLOW_HAS_SOURCE_PORT = 64, /* and the destination port is cut */
};

/* What the filter judges by. Numbers in host byte order, addresses as on the wire, IPv4 mapped into IPv6. */
struct flow_key {
	__u64 source[2];
	__u64 destination[2];
	__u32 fragment_id; /* of fragments; of IPv4 below the protocol of the header (RFC 791, 3.2) */
	__u16 source_port;
	__u16 destination_port;
	__u8 version; /* 4 or 6; 0: not IP */
	__u8 flags;   /* enum flow_flags */
	__u8 protocol;
	__u8 tcp_flags;
	__u32 padding;
};

struct dissection {
	struct flow_key key;
	__u32 offset; /* where the next header starts */
	__u32 end;    /* where what the headers enclose ends; behind it is padding */
	/* Only where flows are counted. */
	__u32 ip_offset; /* of the IP header */
	__u32 ip_length; /* of the IP packet in bytes, as the header says; 0: it does not */
};

#endif
