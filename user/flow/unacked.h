/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_UNACKED_H
#define BPFSNIFF_UNACKED_H

#include <stdbool.h>
#include <stdint.h>

enum { UNACKED_MAX = 512 }; /* segments of one direction */

/* Places for segments that wait for their ACK, shared by all connections. */
struct unacked_pool {
	struct unacked_segment {
		uint64_t time; /* ns */
		uint32_t end;  /* the number that acknowledges it */
		uint32_t next; /* place of the one that came after it */
	} * segments;
	uint32_t free; /* the first place of the list of free ones */
	uint32_t size; /* also the end of each list */
	uint32_t used; /* places that have ever been used: those behind were never touched */
};

/* The segments of one direction, by rising ends, no two with the same. All zeros: none. */
struct unacked {
	uint32_t first, last; /* their places, if there are any */
	uint32_t count;
};

/* Make room for `size` segments in all. 0 or -ENOMEM. */
int unacked_pool_init(struct unacked_pool *pool, uint32_t size);

/* Takes a zeroed struct too. */
void unacked_pool_release(struct unacked_pool *pool);

/* Whether all places are taken. */
bool unacked_is_full(const struct unacked_pool *pool);

/* Remember a segment, unless one with that end waits already, or there is no room: those that wait longest are worth
 * more, since their ACKs come first. */
void unacked_add(struct unacked_pool *pool, struct unacked *unacked, uint32_t end, uint64_t time);

/* Forget what an ACK covers. Returns the ns since the segment that ends just there, 0 when there is none or `time` is
 * before it. */
uint64_t unacked_remove(struct unacked_pool *pool, struct unacked *unacked, uint32_t ack, uint64_t time);

/* Forget all. */
void unacked_clear(struct unacked_pool *pool, struct unacked *unacked);

#endif
