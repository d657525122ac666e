/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_table.h"

#include <stdlib.h>
#include <sys/random.h>

#include "flow/flow_owner.h"
#include "flow_add.h"
#include "flow_identify.h"

enum { NONE = 0 }; /* place 0 is no entry */

/* Each entry is in one list, in the order of last packets. */
enum state {
	STATE_OPEN,
	STATE_CLOSING, /* FIN or RST was seen */
	STATE_ENDED,   /* told, and kept to be shown; no longer found by its id */
	STATES,
};

struct entry {
	struct flow_record record;
	uint32_t next_of_hash;
	uint32_t older, newer;
	uint32_t state;
};

struct entry_list {
	uint32_t oldest, newest;
};

struct flow_table {
	struct flow_table_options options;
	struct entry *entries; /* from 1 on; used from the first, so that few flows take few pages */
	uint32_t *heads;       /* by hash */
	uint32_t mask;
	uint32_t used; /* entries that have ever been */
	uint32_t free; /* list of those that are free, by next_of_hash */
	struct entry_list lists[STATES];
	uint64_t seed;
	uint64_t now; /* of the last packet */
	uint32_t period;
	struct flow_sums sums;
};

struct flow_table *flow_table_open(const struct flow_table_options *options)
{
	struct flow_table *table = calloc(1, sizeof(*table));
	uint32_t heads = 1;

	if (!table)
		return NULL;
	while (heads < options->flows && heads < 1U << 31)
		heads *= 2;
	table->options = *options;
	table->period = 1;
	table->mask = heads - 1;
	table->entries = calloc((size_t)options->flows + 1, sizeof(*table->entries));
	table->heads = calloc(heads, sizeof(*table->heads));
	if (!table->entries || !table->heads || getrandom(&table->seed, sizeof(table->seed), 0) < 0) {
		flow_table_close(table);
		return NULL;
	}
	return table;
}

/* Whoever sends packets cannot know which flows share a hash. */
static uint32_t *head_of(const struct flow_table *table, const struct flow_id *id)
{
	struct flow_id seeded = *id;

	seeded.low[1] ^= table->seed;
	return &table->heads[flow_hash(&seeded) & table->mask];
}

static bool is_same(const struct flow_id *one, const struct flow_id *other)
{
	return one->low[0] == other->low[0] && one->low[1] == other->low[1] && one->high[0] == other->high[0] &&
	       one->high[1] == other->high[1] && one->low_port == other->low_port &&
	       one->high_port == other->high_port && one->protocol == other->protocol && one->version == other->version;
}

static uint32_t find(const struct flow_table *table, const struct flow_id *id)
{
	uint32_t place = *head_of(table, id);

	while (place && !is_same(&table->entries[place].record.id, id))
		place = table->entries[place].next_of_hash;
	return place;
}

static void unlink_hash(struct flow_table *table, uint32_t place)
{
	uint32_t *at = head_of(table, &table->entries[place].record.id);

	while (*at != place)
		at = &table->entries[*at].next_of_hash;
	*at = table->entries[place].next_of_hash;
}

static void leave_list(struct flow_table *table, uint32_t place)
{
	const struct entry *entry = &table->entries[place];
	struct entry_list *list = &table->lists[entry->state];

	*(entry->older ? &table->entries[entry->older].newer : &list->oldest) = entry->newer;
	*(entry->newer ? &table->entries[entry->newer].older : &list->newest) = entry->older;
}

static void enter_list(struct flow_table *table, uint32_t place, enum state state)
{
	struct entry *entry = &table->entries[place];
	struct entry_list *list = &table->lists[state];

	entry->state = state;
	entry->older = list->newest;
	entry->newer = NONE;
	*(list->newest ? &table->entries[list->newest].newer : &list->oldest) = place;
	list->newest = place;
}

static void release(struct flow_table *table, uint32_t place)
{
	leave_list(table, place);
	flow_owner_release(table->entries[place].record.owner);
	table->entries[place].record.owner = NULL;
	table->entries[place].next_of_hash = table->free;
	table->free = place;
}

/* How a connection has ended by its flags, FLOW_GOES_ON if it has not. */
static enum flow_end end_by_flags(const struct flow_totals *totals)
{
	const uint32_t low = totals->sides[0].tcp_flags, high = totals->sides[1].tcp_flags;

	if ((low | high) & TCP_RST)
		return FLOW_RESET;
	return low & high & TCP_FIN ? FLOW_FIN : FLOW_GOES_ON;
}

static void tell(const struct flow_table *table, struct flow_record *record, enum flow_end end)
{
	record->end = end;
	if (table->options.tell && flow_packets_sum(&record->totals))
		table->options.tell(table->options.context, record);
}

/* A flow ends; one that closing packets have ended, as they say. */
static void end_flow(struct flow_table *table, uint32_t place, enum flow_end end)
{
	struct flow_record *record = &table->entries[place].record;
	const enum flow_end by_flags = end_by_flags(&record->totals);

	tell(table, record, by_flags != FLOW_GOES_ON ? by_flags : end);
	unlink_hash(table, place);
	if (!table->options.keeps_ended) {
		release(table, place);
		return;
	}
	leave_list(table, place);
	enter_list(table, place, STATE_ENDED);
}

static void evict(struct flow_table *table, uint32_t place)
{
	const struct flow_totals *totals = &table->entries[place].record.totals;
	const uint64_t packets = flow_packets_sum(totals), bytes = flow_bytes_sum(totals);
	struct flow_sums *sums = &table->sums;

	sums->count--;
	sums->packets -= packets;
	sums->bytes -= bytes;
	sums->evicted++;
	sums->evicted_packets += packets;
	sums->evicted_bytes += bytes;
}

/* Free a place: of a flow that has been told, or ends anyway, or has been silent longest. */
static void make_room(struct flow_table *table)
{
	uint32_t place = table->lists[STATE_ENDED].oldest;

	if (place) {
		if (!table->options.tell)
			evict(table, place);
		release(table, place);
		return;
	}
	place = table->lists[STATE_CLOSING].oldest;
	if (place) {
		end_flow(table, place, FLOW_IDLE);
		if (table->options.keeps_ended)
			make_room(table);
		return;
	}
	place = table->lists[STATE_OPEN].oldest;
	evict(table, place);
	unlink_hash(table, place);
	release(table, place);
}

static uint32_t begin(struct flow_table *table, const struct flow_id *id, const struct flow_totals *part)
{
	uint32_t place, *head;

	if (!table->free && table->used == table->options.flows)
		make_room(table);
	place = table->free;
	if (place)
		table->free = table->entries[place].next_of_hash;
	else
		place = ++table->used;
	head = head_of(table, id);
	table->entries[place] = (struct entry){
		.record = {.id = *id, .totals = {.first = part->first, .origin = part->origin}},
		.next_of_hash = *head,
	};
	*head = place;
	enter_list(table, place, STATE_OPEN);
	table->sums.count++;
	return place;
}

static void add_side(struct flow_side *side, const struct flow_side *part)
{
	side->packets += part->packets;
	side->bytes += part->bytes;
	side->retransmissions += part->retransmissions;
	side->tcp_flags |= part->tcp_flags;
	if (part->rtt && (!side->rtt || part->rtt < side->rtt))
		side->rtt = part->rtt;
}

static void add(struct flow_totals *totals, const struct flow_totals *part)
{
	add_side(&totals->sides[0], &part->sides[0]);
	add_side(&totals->sides[1], &part->sides[1]);
	if (!totals->first || (part->first && part->first < totals->first))
		totals->first = part->first;
	if (part->last > totals->last)
		totals->last = part->last;
	if (part->handshake)
		totals->handshake = part->handshake;
	if (!(totals->origin & (FLOW_SYN_LOW | FLOW_SYN_HIGH)))
		totals->origin |= part->origin & (FLOW_SYN_LOW | FLOW_SYN_HIGH);
}

/* The flow that a part continues; NONE: it begins another one, and what had the same id has ended. */
static uint32_t continued(struct flow_table *table, const struct flow_id *id, const struct flow_totals *part)
{
	const uint64_t idle = table->options.idle_ns;
	uint32_t place = find(table, id);
	const struct entry *entry = &table->entries[place];

	if (!place)
		return NONE;
	if (entry->state == STATE_CLOSING && part->origin & FLOW_BEGINS_WITH_SYN) {
		end_flow(table, place, FLOW_IDLE);
		return NONE;
	}
	if (!idle || !part->first || part->first <= entry->record.totals.last ||
	    part->first - entry->record.totals.last <= idle)
		return place;
	end_flow(table, place, FLOW_IDLE);
	return NONE;
}

/* It goes on from zero; where it came from, and how its connection stands, remains known. */
static void tell_active(const struct flow_table *table, struct flow_record *record)
{
	const struct flow_totals *totals = &record->totals;

	tell(table, record, FLOW_ACTIVE);
	record->end = FLOW_GOES_ON;
	record->totals = (struct flow_totals){.last = totals->last, .origin = totals->origin};
}

static void enter_period(struct flow_record *record, uint32_t period)
{
	if (record->period == period)
		return;
	record->previous_bytes = flow_recent_bytes(record, period);
	record->recent_bytes = 0;
	record->period = period;
}

struct flow_record *flow_table_add(struct flow_table *table, const struct flow_id *id, const struct flow_totals *part)
{
	const uint64_t active = table->options.active_ns;
	struct flow_record *record;
	struct flow_totals *totals;
	uint32_t place;

	flow_table_pass(table, part->last);
	place = continued(table, id, part);
	if (!place)
		place = begin(table, id, part);
	record = &table->entries[place].record;
	totals = &record->totals;
	if (active && totals->first && part->first > totals->first && part->first - totals->first >= active)
		tell_active(table, record);
	add(totals, part);
	enter_period(record, table->period);
	record->recent_bytes += flow_bytes_sum(part);
	table->sums.packets += flow_packets_sum(part);
	table->sums.bytes += flow_bytes_sum(part);
	leave_list(table, place);
	enter_list(table, place, end_by_flags(totals) == FLOW_GOES_ON ? STATE_OPEN : STATE_CLOSING);
	return record;
}

void flow_table_add_packet(struct flow_table *table, const struct flow_packet *packet)
{
	struct flow_totals part = {0};

	flow_begin(&part, packet);
	flow_add(&part, packet);
	flow_table_add(table, &packet->id, &part);
}

void flow_table_add_evicted(struct flow_table *table, uint64_t packets, uint64_t bytes)
{
	table->sums.evicted += packets;
	table->sums.evicted_packets += packets;
	table->sums.evicted_bytes += bytes;
}

static void end_silent(struct flow_table *table, enum state state, uint64_t ns)
{
	uint32_t place;

	while ((place = table->lists[state].oldest)) {
		const uint64_t last = table->entries[place].record.totals.last;

		if (!last || table->now <= last || table->now - last <= ns)
			return;
		end_flow(table, place, FLOW_IDLE);
	}
}

void flow_table_pass(struct flow_table *table, uint64_t now)
{
	const uint64_t idle = table->options.idle_ns;

	if (now > table->now)
		table->now = now;
	if (!idle)
		return;
	end_silent(table, STATE_CLOSING, table->options.linger_ns < idle ? table->options.linger_ns : idle);
	end_silent(table, STATE_OPEN, idle);
}

void flow_table_stop(struct flow_table *table)
{
	flow_table_pass(table, table->now);
	while (table->lists[STATE_CLOSING].oldest)
		end_flow(table, table->lists[STATE_CLOSING].oldest, FLOW_STOPPED);
	while (table->lists[STATE_OPEN].oldest)
		end_flow(table, table->lists[STATE_OPEN].oldest, FLOW_STOPPED);
}

void flow_table_next_period(struct flow_table *table)
{
	table->period++;
}

uint32_t flow_table_period(const struct flow_table *table)
{
	return table->period;
}

size_t flow_table_used(const struct flow_table *table)
{
	return table->used;
}

uint64_t flow_table_now(const struct flow_table *table)
{
	return table->now;
}

void flow_table_each(const struct flow_table *table, flow_teller *visit, void *context)
{
	static const enum state order[] = {STATE_ENDED, STATE_CLOSING, STATE_OPEN};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		for (uint32_t at = table->lists[order[i]].oldest; at; at = table->entries[at].newer)
			if (flow_packets_sum(&table->entries[at].record.totals))
				visit(context, &table->entries[at].record);
}

void flow_table_sums(const struct flow_table *table, struct flow_sums *sums)
{
	*sums = table->sums;
}

void flow_table_close(struct flow_table *table)
{
	if (!table)
		return;
	for (uint32_t i = 1; table->entries && i <= table->used; i++)
		flow_owner_release(table->entries[i].record.owner);
	free(table->entries);
	free(table->heads);
	free(table);
}
