/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/tcp_table.h"

#include <stdlib.h>
#include <string.h>

enum {
	WAYS = 8,           /* connections that a set holds */
	ROOM = 4,           /* that much more the sets hold than there are connections, so that none is full before */
	CANDIDATES = 8,     /* connections of which the one that was unused longest goes */
	UNACKED_A_FLOW = 4, /* segments, on average */
};

/* A cache line: where the connections with the same hash are. */
struct set {
	uint32_t tags[WAYS];   /* more bits of the hash; 0: the place is free */
	uint32_t places[WAYS]; /* in the array of connections */
};

struct tcp_table {
	void *memory;           /* of the sets */
	struct set *sets;       /* each in one cache line */
	struct tcp_flow *flows; /* used from the first on: few connections take few pages */
	struct unacked_pool pool;
	uint32_t mask;  /* sets - 1, a power of two - 1 */
	uint32_t size;  /* places for connections, at least CANDIDATES */
	uint32_t count; /* those that have ever been used */
	uint32_t hand;  /* where the next candidates are */
	uint32_t clock; /* look-ups so far; only differences matter */
	tcp_table_visitor *evict;
	void *context;
};

static size_t set_count(uint32_t flows)
{
	size_t sets = 1;

	while (sets * WAYS < (size_t)flows * ROOM)
		sets *= 2;
	return sets;
}

struct tcp_table *tcp_table_open(uint32_t flows, tcp_table_visitor *evict, void *context)
{
	struct tcp_table *table = calloc(1, sizeof(*table));
	const uint32_t size = flows > CANDIDATES ? flows : CANDIDATES;
	const size_t sets = set_count(size);

	if (!table)
		return NULL;
	*table = (struct tcp_table){
		.memory = calloc(sets + 1, sizeof(struct set)),
		.flows = calloc(size, sizeof(struct tcp_flow)),
		.mask = (uint32_t)(sets - 1),
		.size = size,
		.evict = evict,
		.context = context,
	};
	if (!table->memory || !table->flows || unacked_pool_init(&table->pool, size * UNACKED_A_FLOW)) {
		tcp_table_close(table);
		return NULL;
	}
	table->sets = (struct set *)(((uintptr_t)table->memory + sizeof(struct set) - 1) & ~(sizeof(struct set) - 1));
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

static uint32_t unused(const struct tcp_table *table, uint32_t place)
{
	return table->clock - table->flows[place].used;
}

static struct set *set_of(const struct tcp_table *table, uint64_t hash)
{
	return &table->sets[hash & table->mask];
}

/* The first free way of a set, or that of the connection which was unused longest. */
static uint32_t way_to_take(const struct tcp_table *table, const struct set *set)
{
	uint32_t oldest = 0;

	for (uint32_t way = 0; way < WAYS; way++) {
		if (!set->tags[way])
			return way;
		if (unused(table, set->places[way]) > unused(table, set->places[oldest]))
			oldest = way;
	}
	return oldest;
}

static void forget_segments(struct tcp_table *table, struct tcp_flow *flow)
{
	unacked_clear(&table->pool, &flow->unacked[0]);
	unacked_clear(&table->pool, &flow->unacked[1]);
}

static void evict(struct tcp_table *table, struct tcp_flow *flow)
{
	if (table->evict)
		table->evict(table->context, flow);
	forget_segments(table, flow);
	*flow = (struct tcp_flow){0};
}

/* Take its place from one of the next connections, the one that was unused longest. */
static uint32_t reclaim(struct tcp_table *table)
{
	uint32_t oldest = table->hand;
	struct set *set;

	for (uint32_t i = 0; i < CANDIDATES; i++) {
		if (unused(table, table->hand) > unused(table, oldest))
			oldest = table->hand;
		table->hand = (table->hand + 1) % table->size;
	}
	set = set_of(table, hash_of(&table->flows[oldest].id));
	for (uint32_t way = 0; way < WAYS; way++)
		if (set->tags[way] && set->places[way] == oldest)
			set->tags[way] = 0;
	evict(table, &table->flows[oldest]);
	return oldest;
}

/* Find a place for a new connection. */
static struct tcp_flow *take_place(struct tcp_table *table, struct set *set, uint32_t tag)
{
	const uint32_t way = way_to_take(table, set);

	if (set->tags[way])
		evict(table, &table->flows[set->places[way]]);
	else
		set->places[way] = table->count < table->size ? table->count++ : reclaim(table);
	set->tags[way] = tag;
	return &table->flows[set->places[way]];
}

struct tcp_flow *tcp_table_find(struct tcp_table *table, const struct flow_id *id)
{
	const uint64_t hash = hash_of(id);
	const uint32_t tag = (uint32_t)(hash >> 32) | 1;
	struct set *set = set_of(table, hash);
	struct tcp_flow *flow = NULL;

	table->clock++;
	for (uint32_t way = 0; way < WAYS && !flow; way++)
		if (set->tags[way] == tag && !memcmp(&table->flows[set->places[way]].id, id, sizeof(*id)))
			flow = &table->flows[set->places[way]];
	if (!flow) {
		flow = take_place(table, set, tag);
		flow->id = *id;
	}
	flow->used = table->clock;
	return flow;
}

/* Of the next connections, the one with segments that was unused longest gives them up; if none has any, those that
 * follow have their turn when the next segment comes. */
void tcp_table_make_room(struct tcp_table *table)
{
	struct tcp_flow *oldest = NULL;

	if (!unacked_is_full(&table->pool))
		return;
	for (uint32_t i = 0; i < CANDIDATES; i++) {
		struct tcp_flow *flow = &table->flows[table->hand];

		table->hand = (table->hand + 1) % table->size;
		if (flow->used == table->clock || !(flow->unacked[0].count + flow->unacked[1].count))
			continue;
		if (!oldest || table->clock - flow->used > table->clock - oldest->used)
			oldest = flow;
	}
	if (oldest)
		forget_segments(table, oldest);
}

struct unacked_pool *tcp_table_pool(struct tcp_table *table)
{
	return &table->pool;
}

void tcp_table_each(const struct tcp_table *table, tcp_table_visitor *visit, void *context)
{
	for (uint32_t i = 0; i < table->count; i++)
		visit(context, &table->flows[i]);
}

void tcp_table_close(struct tcp_table *table)
{
	if (!table)
		return;
	free(table->memory);
	free(table->flows);
	unacked_pool_release(&table->pool);
	free(table);
}
