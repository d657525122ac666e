/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_TCP_CONNECTION_H
#define BPFSNIFF_TCP_CONNECTION_H

#ifndef __bpf__
#include <linux/types.h>
#endif

/* What is remembered of a TCP connection to judge its next segment. All zeros: nothing was seen yet. Times are in ns,
 * from any start, 0 for none; sequence numbers in host byte order. */

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
};

/* How far a direction shifts its windows (RFC 7323, 2.2): SCALE_SHIFT + n is a shift of n bits. */
enum tcp_scale {
	SCALE_UNKNOWN, /* no SYN was seen, or not all its options */
	SCALE_NONE,    /* the SYNs did not agree on it */
	SCALE_SHIFT,
};

/* The option of a SYN that says so. */
enum {
	TCP_OPTION_WINDOW_SCALE = 3,
	TCP_SCALE_LENGTH = 3,
	TCP_SHIFT_MAX = 14, /* RFC 7323, 2.3 */
};

static inline __u8 tcp_scale_of_shift(__u8 shift)
{
	return (__u8)(SCALE_SHIFT + (shift < TCP_SHIFT_MAX ? shift : TCP_SHIFT_MAX));
}

enum tcp_side_flag {
	TCP_SIDE_HAS_BASE = 1,
	TCP_SIDE_SPOKE = 2,    /* a segment was seen, so that `ack` and `window` are those of the last one */
	TCP_SIDE_UNSCALED = 4, /* it sent a SYN and nothing since: that window is not shifted */
	TCP_SIDE_SENT_SYN = 8, /* without ACK */
	TCP_SIDE_SENT_SYN_ACK = 16,
	TCP_SIDE_KEEP_ALIVE = 32,   /* the last segment was one */
	TCP_SIDE_PROBE = 64,        /* the last segment probed a zero window */
	TCP_SIDE_SHOOK_HANDS = 128, /* its ACK has ended the handshake */
};

/* One direction, by the segments that were seen in it. As in tshark, a sequence number of 0 stands for none. */
struct tcp_side {
	__u64 next_time;  /* when `next` was reached */
	__u64 last_time;  /* of the last segment */
	__u32 base;       /* relative sequence numbers count from here */
	__u32 next;       /* follows the highest byte */
	__u32 contiguous; /* an ACK beyond it acknowledges what was not seen */
	__u32 ack;        /* of the last segment */
	__s32 duplicates; /* ACKs that repeated the one before; -1: the other side stalls behind what was not seen */
	__u16 window;     /* of the last segment, as it is in the header */
	__u8 scale;       /* enum tcp_scale */
	__u8 flags;       /* enum tcp_side_flag */
	__u32 interface;  /* of the last segment */
	__u32 padding;
};

struct tcp_connection {
	struct tcp_side sides[2];
	__u64 syn_time;  /* of the last SYN without ACK; 0: none */
	__u64 first_rtt; /* from that SYN to the first ACK after it; 0: not known yet */
};

/* A segment, as its headers have it. */
struct tcp_segment {
	__u64 time;
	__u32 seq;
	__u32 ack;    /* the field, also without ACK */
	__u32 length; /* bytes of payload, of a superpacket all of them */
	__u16 window;
	__u8 flags;      /* enum tcp_flag and others */
	__u8 scale;      /* enum tcp_scale, by the options of a SYN */
	__u32 interface; /* on which it was seen: any number that stays the same */
};

/* What a segment means. */
struct tcp_finding {
	__u32 events;           /* enum tcp_event */
	__u32 duplicate_number; /* of a duplicate ACK: its ordinal, from 1 */
	__u64 handshake;        /* ns from the SYN to the ACK of the SYN,ACK, which is this one; 0: none */
};

_Static_assert(sizeof(struct tcp_side) == 48, "tcp_side has no holes");
_Static_assert(sizeof(struct tcp_connection) == 112, "tcp_connection has no holes");

#endif
