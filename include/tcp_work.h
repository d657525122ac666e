/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_TCP_WORK_H
#define BPFSNIFF_TCP_WORK_H

#include "flow_id.h"
#include "tcp_connection.h"

/* RFC 9293, 3.1 */
struct wire_tcp {
	__u16 ports[2];
	__u32 seq;
	__u32 ack;
	__u8 data_offset;
	__u8 flags;
	__u16 window;
	__u16 checksum;
	__u16 urgent;
};

/* By what user space knows a segment again that the kernel has accepted. */
struct tcp_told_key {
	struct flow_id id;
	__u32 seq;
	__u32 ack;
	__u32 length;
	__u16 window;
	__u8 flags;
	__u8 padding;
};

/* The same was found at all that came between two times, ns of CLOCK_MONOTONIC. */
struct tcp_told_run {
	__u64 from, until;   /* 0: there is no such run */
	__u32 events;        /* enum tcp_event */
	__u32 has_handshake; /* the time of a handshake among it */
	__u32 sender_base;   /* another connection may have begun in between */
	__u32 receiver_base;
};

enum { TCP_TOLD_RUNS = 4 };

/* What the kernel tells of it. A segment may be sent again unchanged, and another thing is found then: the newest comes
 * first. */
struct tcp_told {
	__u64 handshake;    /* as in struct tcp_finding */
	__u32 sender_scale; /* enum tcp_scale */
	__u32 padding;
	struct tcp_told_run runs[TCP_TOLD_RUNS];
};

/* Segments that are remembered till user space asks: as many as there may be in the rings, within bounds. */
enum {
	TCP_TOLD_MIN = 1024,
	TCP_TOLD_MAX = 131072,
	TCP_RECORD_MIN = 144, /* bytes that a segment takes in a ring */
};

_Static_assert(sizeof(struct tcp_told_key) == 56, "tcp_told_key has no holes");
_Static_assert(sizeof(struct tcp_told) == 144, "tcp_told has no holes");

/* What the judgement of a segment needs room for, in the kernel outside the stack. */
struct tcp_work {
	struct wire_tcp header; /* as it is in the frame, */
	__u32 has_header;       /* if it has been loaded */
	struct flow_id id;
	struct tcp_segment segment;
	struct tcp_finding finding;
	struct tcp_told_key told_key;
	struct tcp_told told;
};

#endif
