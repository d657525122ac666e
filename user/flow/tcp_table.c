/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/tcp_table.h"

#include <stdlib.h>
#include <string.h>

enum {
	WAYS = 8,           /* places that a connection may have */
	UNACKED_A_FLOW = 4, /* segments, on average */
};

/* A cache line: the places of connections with the same hash. */
struct set {
	uint32_t tags[WAYS]; /* more bits of the hash; 0: the place is free */
	uint32_t used[WAYS]; /* by the table's clock */
};

struct tcp_table {
	struct set *sets;
	struct tcp_flow *flows; /* WAYS for each set */
	struct unacked_pool pool;
	uint32_t mask;  /* sets - 1, a power of two - 1 */
	uint32_t clock; /* look-ups so far; only differences matter */
	uint64_t evicted;
	tcp_table_evictor *evict;
	void *context;
};

struct tcp_table *tcp_table_open(uint32_t flows, tcp_table_evictor *evict, void *context)
{
	struct tcp_table *table = calloc(1, sizeof(*table));
	size_t sets = 1;

	while (sets * WAYS < flows)
		sets *= 2;
	if (!table)
		return NULL;
	*table = (struct tcp_table){
		.sets = aligned_alloc(sizeof(struct set), sets * sizeof(struct set)),
		.flows = calloc(sets * WAYS, sizeof(struct tcp_flow)),
		.mask = (uint32_t)(sets - 1),
		.evict = evict,
		.context = context,
	};
	if (!table->sets || !table->flows ||
	    unacked_pool_init(&table->pool, (uint32_t)(sets * WAYS * UNACKED_A_FLOW))) {
		tcp_table_close(table);
		return NULL;
	}
	memset(table->sets, 0, sets * sizeof(struct set));
	return table;
}

/* Two words at a time are multiplied, and both halves of the product kept. */
static uint64_t fold(uint64_t left, uint64_t right)
{
	const unsigned __int128 product = (unsigned __int128)left * right;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash_of(const struct flow_id *id)
{
	const uint64_t ports = (uint64_t)id->low_port << 16 | id->high_port;
	uint64_t hash = fold(id->low[0] ^ 0x2d358dccaa6c78a5ull, id->low[1] ^ 0x8bb84b93962eacc9ull);

	hash ^= fold(id->high[0] ^ 0x4b33a62ed433d4a3ull, id->high[1] ^ 0x4d5a2da51de1aa47ull);
	return fold(hash ^ 0xa0761d6478bd642full, ports ^ 0xe7037ed1a0b428dbull);
}

/* The free place or the one that was unused longest. */
static uint32_t place_to_take(const struct tcp_table *table, const struct set *set)
{
	uint32_t oldest = 0;

	for (uint32_t way = 0; way < WAYS; way++) {
		if (!set->tags[way])
			return way;
		if (table->clock - set->used[way] > table->clock - set->used[oldest])
			oldest = way;
	}
	return oldest;
}

/* Give a place to a new connection. */
static struct tcp_flow *take_place(struct tcp_table *table, struct set *set, uint32_t way, uint32_t tag)
{
	struct tcp_flow *flow = &table->flows[(size_t)(set - table->sets) * WAYS + way];

	if (set->tags[way]) {
		table->evicted++;
		if (table->evict)
			table->evict(table->context, flow);
		unacked_clear(&table->pool, &flow->unacked[0]);
		unacked_clear(&table->pool, &flow->unacked[1]);
		*flow = (struct tcp_flow){0};
	}
	set->tags[way] = tag;
	set->used[way] = table->clock;
	return flow;
}

struct tcp_flow *tcp_table_find(struct tcp_table *table, const struct flow_id *id)
{
	const uint64_t hash = hash_of(id);
	const uint32_t tag = (uint32_t)(hash >> 32) | 1;
	struct set *set = &table->sets[hash & table->mask];
	struct tcp_flow *flows = &table->flows[(size_t)(hash & table->mask) * WAYS], *flow;

	table->clock++;
	for (uint32_t way = 0; way < WAYS; way++) {
		if (set->tags[way] == tag && !memcmp(&flows[way].id, id, sizeof(*id))) {
			set->used[way] = table->clock;
			return &flows[way];
		}
	}
	flow = take_place(table, set, place_to_take(table, set), tag);
	flow->id = *id;
	return flow;
}

struct unacked_pool *tcp_table_pool(struct tcp_table *table)
{
	return &table->pool;
}

uint64_t tcp_table_evicted(const struct tcp_table *table)
{
	return table->evicted;
}

void tcp_table_each(const struct tcp_table *table, tcp_table_evictor *visit, void *context)
{
	for (size_t i = 0; i < ((size_t)table->mask + 1) * WAYS; i++)
		if (table->sets[i / WAYS].tags[i % WAYS])
			visit(context, &table->flows[i]);
}

void tcp_table_close(struct tcp_table *table)
{
	if (!table)
		return;
	free(table->sets);
	free(table->flows);
	unacked_pool_release(&table->pool);
	free(table);
}
