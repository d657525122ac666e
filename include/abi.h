/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_ABI_H
#define BPFSNIFF_ABI_H

/* What the kernel and user space agree on: verdicts, counters, configuration, sets. */

#ifndef __bpf__
#include <linux/types.h>
#endif

/* A frame has exactly one verdict. The order is the order in which the filter decides. */
enum verdict {
	VERDICT_ACCEPTED,
	VERDICT_DIRECTION,
	VERDICT_LOOPBACK,
	VERDICT_DUPLICATE,
	VERDICT_NOT_IP,
	VERDICT_MALFORMED,
	VERDICT_PROTOCOL,
	VERDICT_HOST,
	VERDICT_PORT,
	VERDICT_TCP_FLAGS,
	VERDICT_OWN_SESSION,
	VERDICT_EXPRESSION,
	VERDICT_PROCESS, /* where the kernel does not know the process, user space gives it to what has been accepted */
	VERDICT_TCP_EVENT,
	VERDICT_SAMPLE,
	VERDICT_FLOW_LIMIT,
	VERDICT_COUNT,
};

/*
 * One copy per CPU; the tap runs with bottom halves off (net/core/dev.c), so plain additions are exact.
 * verdict[VERDICT_EXPRESSION] stays zero in the kernel: a classic load past the end of the frame ends the
 * expression uncounted, so its rejects are the frames that went in and did not come out.
 */
struct counters {
	__u64 verdict[VERDICT_COUNT];
	__u64 into_expression;
	__u64 out_of_expression;
	__u64 flows_added;       /* to the table of --first; those that are not there have been evicted */
	__u64 connections_added; /* the same for the table of --tcp-event */
	__u64 accepted_bytes;    /* of IP packets, where flows are counted; those that found no room beside */
	__u64 unplaced_packets, unplaced_bytes;
	__u64 seen; /* raised before anything is decided; last, so that a copy made meanwhile has the others' frames */
};

/* Places in the program array `bs_active`. */
enum active {
	ACTIVE_ENTRY, /* what `dispatch` jumps to */
	ACTIVE_MATCH, /* what the gates of a change let frames through to */
	ACTIVE_COUNT,
};

/* Places in the program array `bs_stages`. */
enum stage {
	STAGE_EXPRESSION, /* without one, the choice of processes */
	STAGE_HOLDS,      /* the expression does: `accept`, or the choice of processes */
	STAGE_CHOSEN,     /* a process may be: `accept` */
	STAGE_COUNT,
};

/* Which of the user's lists an address or a port is in; bits. */
enum list {
	LIST_EITHER = 1, /* --host, --port */
	LIST_SOURCE = 2, /* --src, --src-port */
	LIST_DESTINATION = 4,
	LIST_NOT = 8, /* --not-host, --not-port */
	LIST_BITS = 4,
};

enum direction_bit {
	DIRECTION_BIT_IN = 1,
	DIRECTION_BIT_OUT = 2,
};

/* What becomes of a loopback device's frames, each of which is tapped on its way out and again on its way in. */
enum loopback {
	LOOPBACK_DROP,
	LOOPBACK_ONCE, /* the second time; where only outgoing frames are wanted, the first */
	LOOPBACK_KEEP, /* each time: nobody knows whether there is another */
};

enum {
	PREFIX_LENGTHS_MAX = 129, /* 0 to 128 */
	IPV4_PREFIX_BITS = 96,    /* an IPv4 prefix of n bits is an IPv6 one of 96 + n (RFC 4291, 2.5.5.2) */
	IPV4_LENGTHS_MAX = 33,
	PREFIX_PROBES_MAX = 32, /* slots probed for one prefix; the builder grows the table until they suffice */
	IPV4_BUCKET_SLOTS = 21,
	PORTS = 65536,
};

/* A prefix length in use, with its mask in network byte order. */
struct prefix_length {
	__u64 mask[2];
	__u32 bits;
	__u32 padding;
};

/*
 * A slot of the prefix table: open addressing, linear probing, `lists` 0 in an empty one. Addresses are IPv6, in
 * network byte order, IPv4 mapped (RFC 4291, 2.5.5.2). `lists` has the bits of every covering prefix too, so that the
 * longest match is enough.
 */
struct prefix_slot {
	__u64 address[2];
	__u32 bits;
	__u32 lists;
};

/*
 * A cache line of the table of IPv4 prefixes. There a million are as small as a cache: of a prefix a slot has only what
 * the place of the bucket does not tell (include/prefix_hash.h), 20 bits, and in the lowest its lists, 0 in an empty
 * one. Empty slots are last. Prefixes that find their bucket full are in the prefix table, and all are if they are few.
 */
struct ipv4_bucket {
	__u16 high[IPV4_BUCKET_SLOTS];
	__u8 low[IPV4_BUCKET_SLOTS];
	__u8 padding;
};

/* What the look-up has to know of the set, in the order in which it needs it. Masks are powers of two - 1. */
struct prefix_layout {
	__u32 ipv4_length_count;
	__u32 bloom_mask;   /* words of the Bloom filter */
	__u32 bucket_count; /* of IPv4; 0: all are in the prefix table */
	__u32 slot_mask;    /* slots of the prefix table */
	__u32 length_count;
	__u8 ipv4_host_bits[IPV4_LENGTHS_MAX + 3];        /* 32 - the length; from the longest prefix */
	struct prefix_length lengths[PREFIX_LENGTHS_MAX]; /* of IPv6, from the longest */
};

/* A TCP connection: addresses as in struct prefix_slot, ports in host byte order. */
struct session {
	__u64 client[2];
	__u64 server[2];
	__u16 client_port;
	__u16 server_port;
	__u32 is_set; /* 0: none */
};

/* Constant from load to unload, so that the verifier removes what is off. */
struct filter_config {
	__u32 snaplen;
	__u32 first;      /* packets of each flow, 0: all */
	__u32 sample;     /* one flow in so many, 0: all */
	__u32 tcp_events; /* enum tcp_event: one of these is wanted; 0: no such filter */
	__u8 directions;
	__u8 loopback;       /* enum loopback */
	__u8 every_protocol; /* frames that are not IP, too */
	__u8 has_expression;
	__u8 address_lists; /* bits of enum list: those that are not empty */
	__u8 port_lists;
	__u8 tcp_flags_set;
	__u8 tcp_flags_clear;
	__u8 protocols[32];         /* a bit for each IP protocol */
	__u8 needs_transport;       /* in the kernel: filter_needs_transport() */
	__u8 keeps_dissection;      /* in the kernel: filter_keeps_dissection() */
	__u8 counts_flows;          /* accepted packets are added to their flows */
	__u8 asks_owner;            /* only packets of some processes are wanted */
	struct session own_session; /* the one that shows the packets */
	struct prefix_layout prefixes;
};

_Static_assert(sizeof(struct counters) == sizeof(__u64) * (VERDICT_COUNT + 8), "counters have no holes");
_Static_assert(sizeof(struct prefix_length) == 24, "prefix_length has no holes");
_Static_assert(sizeof(struct prefix_slot) == 24, "prefix_slot has no holes");
_Static_assert(sizeof(struct session) == 40, "session has no holes");
_Static_assert(sizeof(struct ipv4_bucket) == 64, "ipv4_bucket is a cache line");
_Static_assert(sizeof(struct prefix_layout) == 56 + 24 * PREFIX_LENGTHS_MAX, "prefix_layout has no holes");
_Static_assert(sizeof(struct filter_config) == 104 + sizeof(struct prefix_layout), "filter_config has no holes");

#endif
