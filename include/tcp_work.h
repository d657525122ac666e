/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_TCP_WORK_H
#define BPFSNIFF_TCP_WORK_H

#include "flow_id.h"
#include "tcp_connection.h"

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

/* What the kernel tells of it. */
struct tcp_told {
	__u32 events; /* enum tcp_event */
	__u32 sender_base;
	__u32 receiver_base;
	__u32 sender_scale; /* enum tcp_scale */
	__u64 handshake;    /* as in struct tcp_finding */
};

enum { TCP_TOLD_MAX = 16384 }; /* segments that are remembered till user space asks */

_Static_assert(sizeof(struct tcp_told_key) == 56, "tcp_told_key has no holes");

/* What the judgement of a segment needs room for, in the kernel outside the stack. */
struct tcp_work {
	struct flow_id id;
	struct tcp_segment segment;
	struct tcp_finding finding;
	struct tcp_told_key told_key;
	struct tcp_told told;
};

#endif
