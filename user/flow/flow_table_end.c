/* SPDX-License-Identifier: BSD-2-Clause */
/* How flows end, or have to go. */
#include "flow/flow_owner.h"
#include "flow/flow_table_internal.h"
#include "flow_add.h"

void flow_table_release(struct flow_table *table, uint32_t place)
{
	flow_list_leave(table->lists, table->entries, place);
	flow_owner_release(flow_table_record(table, place)->owner);
	table->entries[place] = (struct flow_entry){0};
	flow_store_give(&table->store, place);
}

void flow_table_tell(const struct flow_table *table, struct flow_record *record, enum flow_end end)
{
	record->end = end;
	if (table->options.tell && flow_packets_sum(&record->totals))
		table->options.tell(table->options.context, record);
}

/* How a connection has ended by its flags, FLOW_GOES_ON if it has not. */
static enum flow_end end_by_flags(const struct flow_totals *totals)
{
	if (!flow_is_closed(totals))
		return FLOW_GOES_ON;
	return (totals->sides[0].tcp_flags | totals->sides[1].tcp_flags) & TCP_RST ? FLOW_RESET : FLOW_FIN;
}

/* Nobody finds it any more. What is told of it waits until nobody counts it, either. */
static void unlink_flow(struct flow_table *table, uint32_t place, enum flow_state state, enum flow_end end)
{
	flow_store_unlink(&table->store, place);
	flow_table_record(table, place)->end = end;
	table->present--;
	flow_table_move(table, place, state);
}

static void evict(struct flow_table *table, uint32_t place)
{
	const struct flow_entry *entry = &table->entries[place];
	struct flow_sums *sums = &table->sums;

	sums->count--;
	sums->packets -= entry->packets;
	sums->bytes -= entry->bytes;
	sums->evicted++;
	sums->evicted_packets += entry->packets;
	sums->evicted_bytes += entry->bytes;
}

/* It has been counted to the end. */
static void conclude(struct flow_table *table, uint32_t place)
{
	const struct flow_entry *entry = &table->entries[place];
	struct flow_record *record = flow_table_record(table, place);
	enum flow_end end;

	if (!entry->is_counted) {
		flow_table_take_back(table, record);
		flow_table_release(table, place);
		return;
	}
	flow_table_add_up(table, place, &record->totals);
	if (entry->state == FLOW_EVICTED) {
		evict(table, place);
		flow_table_release(table, place);
		return;
	}
	end = end_by_flags(&record->totals);
	flow_table_tell(table, record, end != FLOW_GOES_ON ? end : (enum flow_end)record->end);
	if (!table->options.keeps_ended) {
		flow_table_release(table, place);
		return;
	}
	table->present++;
	flow_table_move(table, place, FLOW_ENDED);
}

void flow_table_conclude(struct flow_table *table)
{
	const struct flow_table_kernel *kernel = table->options.kernel;
	struct flow_list *lists = table->lists;

	if (!lists[FLOW_LEAVING].oldest && !lists[FLOW_EVICTED].oldest)
		return;
	if (kernel)
		kernel->wait(kernel->context);
	while (lists[FLOW_LEAVING].oldest)
		conclude(table, lists[FLOW_LEAVING].oldest);
	while (lists[FLOW_EVICTED].oldest)
		conclude(table, lists[FLOW_EVICTED].oldest);
}

void flow_table_end(struct flow_table *table, uint32_t place, enum flow_end end)
{
	unlink_flow(table, place, FLOW_LEAVING, end);
}

void flow_table_make_room(struct flow_table *table)
{
	const struct flow_list *lists = table->lists;
	uint32_t place = lists[FLOW_ENDED].oldest;

	if (place) {
		if (!table->options.tell)
			evict(table, place);
		table->present--;
		flow_table_release(table, place);
	} else if (lists[FLOW_CLOSING].oldest) {
		flow_table_end(table, lists[FLOW_CLOSING].oldest, FLOW_IDLE);
	} else {
		unlink_flow(table, lists[FLOW_OPEN].oldest, FLOW_EVICTED, FLOW_GOES_ON);
	}
}

static void end_silent(struct flow_table *table, enum flow_state state, uint64_t ns)
{
	uint32_t place;

	while ((place = table->lists[state].oldest)) {
		const uint64_t last = flow_table_record(table, place)->totals.last;

		if (!last || table->now <= last || table->now - last <= ns)
			return;
		flow_table_end(table, place, FLOW_IDLE);
	}
}

void flow_table_pass(struct flow_table *table, uint64_t now)
{
	const uint64_t idle = table->options.idle_ns;

	if (now > table->now)
		table->now = now;
	if (idle) {
		end_silent(table, FLOW_CLOSING, table->options.linger_ns < idle ? table->options.linger_ns : idle);
		end_silent(table, FLOW_OPEN, idle);
	}
	flow_table_conclude(table);
}

void flow_table_stop(struct flow_table *table)
{
	flow_table_pass(table, table->now);
	while (table->lists[FLOW_CLOSING].oldest)
		flow_table_end(table, table->lists[FLOW_CLOSING].oldest, FLOW_STOPPED);
	while (table->lists[FLOW_OPEN].oldest)
		flow_table_end(table, table->lists[FLOW_OPEN].oldest, FLOW_STOPPED);
	flow_table_conclude(table);
}
