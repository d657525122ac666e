/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/unacked.h"

#include <errno.h>
#include <stdlib.h>

#include "tcp_judge.h"

int unacked_pool_init(struct unacked_pool *pool, uint32_t size)
{
	*pool = (struct unacked_pool){
		.segments = calloc(size, sizeof(*pool->segments)),
		.free = size,
		.size = size,
	};
	return pool->segments ? 0 : -ENOMEM;
}

void unacked_pool_release(struct unacked_pool *pool)
{
	free(pool->segments);
	pool->segments = NULL;
}

bool unacked_is_full(const struct unacked_pool *pool)
{
	return pool->free == pool->size && pool->used == pool->size;
}

/* A free place, or pool->size. */
static uint32_t take_place(struct unacked_pool *pool)
{
	const uint32_t place = pool->free;

	if (place != pool->size) {
		pool->free = pool->segments[place].next;
		return place;
	}
	return pool->used < pool->size ? pool->used++ : pool->size;
}

enum { STEPS_MAX = 16 }; /* segments that are looked at for the place of one that does not come last */

/* Where in the list a segment belongs; NULL: one with its end is there, or its place is far from the front. Most belong
 * behind the last; one that is sent again is among the first. */
static uint32_t *link_for(struct unacked_pool *pool, struct unacked *unacked, uint32_t end)
{
	uint32_t *link = &unacked->first;

	if (!unacked->count)
		return link;
	if (seq_before(pool->segments[unacked->last].end, end))
		return &pool->segments[unacked->last].next;
	for (int steps = 0; seq_before(pool->segments[*link].end, end); steps++) {
		if (steps == STEPS_MAX)
			return NULL;
		link = &pool->segments[*link].next;
	}
	return pool->segments[*link].end == end ? NULL : link;
}

void unacked_add(struct unacked_pool *pool, struct unacked *unacked, uint32_t end, uint64_t time)
{
	uint32_t *link = unacked->count < UNACKED_MAX ? link_for(pool, unacked, end) : NULL;
	const uint32_t place = link ? take_place(pool) : pool->size;
	const bool is_last = !unacked->count || (link && link == &pool->segments[unacked->last].next);

	if (place == pool->size)
		return;
	pool->segments[place] =
		(struct unacked_segment){.time = time, .end = end, .next = is_last ? pool->size : *link};
	*link = place;
	if (is_last)
		unacked->last = place;
	unacked->count++;
}

uint64_t unacked_remove(struct unacked_pool *pool, struct unacked *unacked, uint32_t ack, uint64_t time)
{
	uint64_t rtt = 0;

	while (unacked->count && !seq_before(ack, pool->segments[unacked->first].end)) {
		const uint32_t place = unacked->first;
		struct unacked_segment *segment = &pool->segments[place];

		if (segment->end == ack && segment->time && time > segment->time)
			rtt = time - segment->time;
		unacked->first = segment->next;
		unacked->count--;
		segment->next = pool->free;
		pool->free = place;
	}
	return rtt;
}

void unacked_clear(struct unacked_pool *pool, struct unacked *unacked)
{
	if (unacked->count) {
		pool->segments[unacked->last].next = pool->free;
		pool->free = unacked->first;
	}
	*unacked = (struct unacked){0};
}
