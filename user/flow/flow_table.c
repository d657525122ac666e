/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_table.h"

#include <stdlib.h>

#include "flow/flow_owner.h"
#include "flow/flow_table_internal.h"
#include "flow_add.h"

struct flow_table *flow_table_open(const struct flow_table_options *options)
{
	const struct flow_memory *shared = options->kernel ? &options->kernel->memory : NULL;
	struct flow_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->options = *options;
	table->period = 1;
	if (!flow_store_open(&table->store, shared, options->flows, options->idle_ns))
		table->entries = calloc(table->store.memory.slot_count, sizeof(*table->entries));
	if (table->entries)
		return table;
	flow_table_close(table);
	return NULL;
}

/* It goes on from zero; where it came from, and how its connection stands, remains known. */
static void tell_active(struct flow_table *table, uint32_t place)
{
	struct flow_record *record = flow_table_record(table, place), told = *record;
	const uint64_t first = told.totals.first;

	record->totals.first = 0; /* that of the next packet, which may come at any moment */
	told.totals = flow_table_empty(record);
	told.totals.first = first;
	flow_table_add_up(table, place, &told.totals);
	flow_table_tell(table, &told, FLOW_ACTIVE);
	table->entries[place].packets = table->entries[place].bytes = 0;
	for (int side = 0; side < 2; side++) {
		record->totals.sides[side].rtt = 0;
		record->totals.sides[side].retransmissions = record->totals.sides[side].tcp_flags = 0;
	}
	record->totals.handshake = 0;
}

/* Whether it has lasted so long, by the time of its last packet, that it is told in between. */
static bool is_long(const struct flow_table *table, const struct flow_totals *totals, uint64_t last)
{
	const uint64_t active = table->options.active_ns;

	return active && totals->first && last > totals->first && last - totals->first >= active;
}

/* A flow that has new packets; it may be wanted now. */
static bool is_wanted(struct flow_table *table, uint32_t place)
{
	const struct flow_table_kernel *kernel = table->options.kernel;
	struct flow_entry *entry = &table->entries[place];

	if (entry->is_counted)
		return true;
	entry->is_counted =
		!kernel || !kernel->wants || kernel->wants(kernel->context, flow_table_record(table, place));
	table->sums.count += entry->is_counted;
	return entry->is_counted;
}

/* Look at a flow that goes on. */
static void look_at(struct flow_table *table, uint32_t place)
{
	const struct flow_table_kernel *kernel = table->options.kernel;
	const struct flow_entry *entry = &table->entries[place];
	struct flow_record *record = flow_table_record(table, place);
	struct flow_totals totals;

	if (flow_packets_sum(&record->totals) == entry->packets && flow_bytes_sum(&record->totals) == entry->bytes)
		return;
	totals = record->totals;
	if (!is_wanted(table, place)) {
		flow_table_take_back(table, record);
	} else {
		flow_table_add_up(table, place, &totals);
		if (kernel && kernel->note)
			kernel->note(kernel->context, record);
		if (is_long(table, &totals, totals.last))
			tell_active(table, place);
	}
	flow_table_move(table, place, flow_is_closed(&totals) ? FLOW_CLOSING : FLOW_OPEN);
}

/* Look at the flows whose places have been taken since, or whose first packet was still to be counted then. */
static void look_at_new(struct flow_table *table)
{
	struct flow_list *list = &table->lists[FLOW_NEW];
	uint32_t newest, next;

	for (const uint64_t taken = flow_store_taken(&table->store); table->taken < taken; table->taken++) {
		const uint32_t place = flow_store_taken_place(&table->store, table->taken);

		if (place && table->entries[place].state == FLOW_FREE)
			flow_list_enter(table->lists, table->entries, place, FLOW_NEW);
	}
	newest = list->newest;
	for (uint32_t place = list->oldest; place; place = place == newest ? 0 : next) {
		const struct flow_totals *totals = &flow_table_record(table, place)->totals;

		next = table->entries[place].newer;
		if (totals->origin & FLOW_UNUSED) {
			flow_table_release(table, place);
		} else if (flow_packets_sum(totals)) {
			table->present++;
			flow_table_move(table, place, FLOW_OPEN);
			look_at(table, place);
		}
	}
}

/* Those with new packets go to the end of their list. */
static void look_at_known(struct flow_table *table, enum flow_state state)
{
	const uint32_t newest = table->lists[state].newest;
	uint32_t next;

	for (uint32_t place = table->lists[state].oldest; place; place = place == newest ? 0 : next) {
		next = table->entries[place].newer;
		look_at(table, place);
	}
}

/* The place of the flow that a packet begins. */
static uint32_t begin(struct flow_table *table, const struct flow_packet *packet)
{
	uint32_t place = flow_store_begin(&table->store, packet);

	if (!place && table->used < table->options.flows)
		flow_store_give(&table->store, ++table->used);
	while (!place && !(place = flow_store_begin(&table->store, packet))) {
		flow_table_make_room(table);
		flow_table_conclude(table);
	}
	return place;
}

void flow_table_add_packet(struct flow_table *table, const struct flow_packet *packet)
{
	bool continues;
	uint32_t place;

	flow_table_pass(table, packet->time);
	place = flow_store_find(&table->store, packet, &continues);
	if (place && !continues) {
		flow_table_end(table, place, FLOW_IDLE);
		flow_table_conclude(table);
	}
	if (!continues)
		place = begin(table, packet);
	else if (is_long(table, &flow_table_record(table, place)->totals, packet->time))
		tell_active(table, place);
	flow_add(&flow_table_record(table, place)->totals, packet);
	if (continues)
		look_at(table, place);
	else
		look_at_new(table);
}

void flow_table_collect(struct flow_table *table, uint64_t now)
{
	look_at_known(table, FLOW_CLOSING);
	look_at_known(table, FLOW_OPEN);
	look_at_new(table);
	while (table->present > table->options.flows)
		flow_table_make_room(table);
	flow_table_pass(table, now);
}

void flow_table_set_clock(struct flow_table *table, uint64_t offset)
{
	flow_store_set_clock(&table->store, offset);
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
	return table->present;
}

uint64_t flow_table_now(const struct flow_table *table)
{
	return table->now;
}

void flow_table_each(const struct flow_table *table, flow_teller *visit, void *context)
{
	static const enum flow_state order[] = {FLOW_ENDED, FLOW_CLOSING, FLOW_OPEN};
	const struct flow_entry *entries = table->entries;

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		for (uint32_t at = table->lists[order[i]].oldest; at; at = entries[at].newer)
			if (entries[at].is_counted && flow_packets_sum(&flow_table_record(table, at)->totals))
				visit(context, flow_table_record(table, at));
}

void flow_table_close(struct flow_table *table)
{
	if (!table)
		return;
	for (int state = FLOW_NEW; table->entries && state < FLOW_STATES; state++)
		for (uint32_t at = table->lists[state].oldest; at; at = table->entries[at].newer)
			flow_owner_release(flow_table_record(table, at)->owner);
	flow_store_release(&table->store);
	free(table->entries);
	free(table);
}
