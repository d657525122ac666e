/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_SLOTS_H
#define BPFSNIFF_FLOW_SLOTS_H

#include "counted_flow.h"
#include "flow_add.h"
#include "flow_identify.h"

/*
 * The table in which flows are counted, compiled for the kernel and for user space. It is two arrays; those that the
 * kernel counts in are mapped into user space. Flows have places from 1 on; 0 stands for none.
 *
 * Any number of programs may find and add flows at a time. Only user space takes them out: it unlinks a flow, waits
 * until every program that may have found it has ended, and then gives its place back. So nothing is locked, and no
 * packet is counted twice or not at all.
 */

enum {
	FLOW_CHAIN_MAX = 16, /* flows of one hash that are looked at: with up to two a hash, more is hardly ever */
	FLOW_TRIES = 3,      /* to be the one of several CPUs that adds a flow, or takes a place */
};

/* What belongs to a hash, to a flow, and to a free place, side by side. */
struct flow_link {
	__u64 head; /* the newest flow that has this hash */
	__u32 next; /* of the flow with this place: the one before it that has the same hash */
	__u32 free; /* part of a ring of free places */
};

/* In the place of flow 0. */
struct flow_desk {
	__u64 given; /* so many places user space has put into the ring */
	__u64 taken; /* so many have been taken out */
	__u64 seed;  /* of the hash: whoever sends packets cannot know which flows share one */
	__u64 idle_ns;
	__u64 clock_offset; /* from the clock of packets to that of records, ns */
	__u32 head_mask;
	__u32 link_count;
	__u32 connection_count; /* that the kernel remembers, of its own */
	__u32 padding;
};

/* The includer defines these two. NULL: there is no such place. */
static struct flow_record *flow_slot(void *state, __u32 place);
static struct flow_link *flow_link(void *state, __u32 index);

ALWAYS_INLINE int flow_is_same(const struct flow_id *one, const struct flow_id *other)
{
	__u64 rest[2];

	__builtin_memcpy(&rest[0], __builtin_assume_aligned(&one->low_port, 8), sizeof(rest[0]));
	__builtin_memcpy(&rest[1], __builtin_assume_aligned(&other->low_port, 8), sizeof(rest[1]));
	return !((one->low[0] ^ other->low[0]) | (one->low[1] ^ other->low[1]) | (one->high[0] ^ other->high[0]) |
		 (one->high[1] ^ other->high[1]) | (rest[0] ^ rest[1]));
}

/* Whether a packet continues the flow that has its id; else it begins another one. */
ALWAYS_INLINE int flow_continues(const struct flow_totals *totals, const struct flow_packet *packet, __u64 idle_ns)
{
	if ((packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && flow_is_closed(totals))
		return 0;
	return !idle_ns || packet->time <= totals->last || packet->time - totals->last <= idle_ns;
}

ALWAYS_INLINE __u32 flow_hash_of(const struct flow_desk *desk, const struct flow_id *id)
{
	return flow_hash(id, desk->seed) & desk->head_mask;
}

/* The newest flow with an id, among those that are linked from `place` on; 0: none. */
ALWAYS_INLINE __u32 flow_find(void *state, __u32 place, const struct flow_id *id, struct flow_record **found)
{
	UNROLL
	for (int i = 0; i < FLOW_CHAIN_MAX; i++) {
		const struct flow_link *link;

		*found = place ? flow_slot(state, place) : 0;
		if (!*found)
			return 0;
		if (flow_is_same(&(*found)->id, id))
			return place;
		link = flow_link(state, place);
		place = link ? link->next : 0;
	}
	return 0;
}

/* A free place; 0: there is none. */
ALWAYS_INLINE __u32 flow_take(void *state, struct flow_desk *desk)
{
	UNROLL
	for (int i = 0; i < FLOW_TRIES; i++) {
		const __u64 taken = *(volatile __u64 *)&desk->taken;
		const struct flow_link *link;

		if (taken == *(volatile __u64 *)&desk->given || !desk->link_count)
			return 0;
		if (__sync_val_compare_and_swap(&desk->taken, taken, taken + 1) != taken)
			continue;
		link = flow_link(state, (__u32)(taken % desk->link_count));
		return link ? link->free : 0;
	}
	return 0;
}

/*
 * Begin the flow of a packet. Where another CPU does the same, one of the two adds it, and the other leaves the place
 * that it has taken as unused. Returns the flow's place; 0: there is no room.
 */
ALWAYS_INLINE __u32 flow_enter(void *state, struct flow_desk *desk, __u32 hash, const struct flow_packet *packet)
{
	struct flow_link *first = flow_link(state, hash), *own;
	struct flow_record *record, *other;
	const __u32 place = flow_take(state, desk);
	__u64 head, seen;

	record = place ? flow_slot(state, place) : 0;
	own = place ? flow_link(state, place) : 0;
	if (!first || !own || !record)
		return 0;
	record->id = packet->id;
	flow_begin(&record->totals, packet);
	head = *(volatile __u64 *)&first->head;
	UNROLL
	for (int i = 0; i < FLOW_TRIES; i++) {
		const __u32 known = flow_find(state, (__u32)head, &packet->id, &other);

		if (known && other && flow_continues(&other->totals, packet, desk->idle_ns)) {
			record->totals.origin = FLOW_UNUSED;
			return known;
		}
		own->next = (__u32)head;
		seen = __sync_val_compare_and_swap(&first->head, head, (__u64)place);
		if (seen == head)
			return place;
		head = seen;
	}
	record->totals.origin = FLOW_UNUSED;
	return 0;
}

#endif
