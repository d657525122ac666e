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

void unacked_add(struct unacked_pool *pool, struct unacked *unacked, uint32_t end, uint64_t time)
{
	const uint32_t place = unacked->count < UNACKED_MAX ? take_place(pool) : pool->size;
	struct unacked_segment *segments = pool->segments;

	if (place == pool->size)
		return;
	segments[place] = (struct unacked_segment){.time = time, .end = end, .next = pool->size};
	if (unacked->count) {
		unacked->has_repeats |= !seq_before(segments[unacked->last].end, end);
		segments[unacked->last].next = place;
	} else {
		unacked->first = place;
		unacked->has_repeats = false;
	}
	unacked->last = place;
	unacked->count++;
}

/* Take the segment behind `link` out of the list; `before` is the place of the one before it. */
static void drop(struct unacked_pool *pool, struct unacked *unacked, uint32_t *link, uint32_t before)
{
	const uint32_t place = *link;

	*link = pool->segments[place].next;
	if (place == unacked->last)
		unacked->last = before;
	pool->segments[place].next = pool->free;
	pool->free = place;
	unacked->count--;
}

uint64_t unacked_remove(struct unacked_pool *pool, struct unacked *unacked, uint32_t ack, uint64_t time)
{
	uint32_t *link = &unacked->first, before = pool->size;
	uint64_t rtt = 0;

	for (uint32_t left = unacked->count; left; left--) {
		struct unacked_segment *segment = &pool->segments[*link];

		if (seq_before(ack, segment->end)) {
			if (!unacked->has_repeats)
				break;
			before = *link;
			link = &segment->next;
			continue;
		}
		if (segment->end == ack && !rtt && time > segment->time)
			rtt = time - segment->time;
		drop(pool, unacked, link, before);
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
