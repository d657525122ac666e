/* SPDX-License-Identifier: BSD-2-Clause */
/* What flows hold together. */
#include "flow/flow_table_internal.h"

struct flow_totals flow_table_empty(struct flow_record *record)
{
	struct flow_totals taken = record->totals;

	for (int side = 0; side < 2; side++) {
		struct flow_side *from = &record->totals.sides[side];

		taken.sides[side].packets = __atomic_exchange_n(&from->packets, 0, __ATOMIC_RELAXED);
		taken.sides[side].bytes = __atomic_exchange_n(&from->bytes, 0, __ATOMIC_RELAXED);
	}
	return taken;
}

void flow_table_take_back(struct flow_table *table, struct flow_record *record)
{
	const struct flow_totals unwanted = flow_table_empty(record);

	table->sums.unwanted_packets += flow_packets_sum(&unwanted);
	table->sums.unwanted_bytes += flow_bytes_sum(&unwanted);
}

static void enter_period(struct flow_record *record, uint32_t period)
{
	if (record->period == period)
		return;
	record->previous_bytes = flow_recent_bytes(record, period);
	record->recent_bytes = 0;
	record->period = period;
}

void flow_table_add_up(struct flow_table *table, uint32_t place, const struct flow_totals *totals)
{
	struct flow_entry *entry = &table->entries[place];
	struct flow_record *record = flow_table_record(table, place);
	const uint64_t packets = flow_packets_sum(totals), bytes = flow_bytes_sum(totals);

	table->sums.packets += packets - entry->packets;
	table->sums.bytes += bytes - entry->bytes;
	enter_period(record, table->period);
	record->recent_bytes += bytes - entry->bytes;
	entry->packets = packets;
	entry->bytes = bytes;
}

void flow_table_add_evicted(struct flow_table *table, uint64_t packets, uint64_t bytes)
{
	table->sums.evicted += packets;
	table->sums.evicted_packets += packets;
	table->sums.evicted_bytes += bytes;
}

void flow_table_sums(const struct flow_table *table, struct flow_sums *sums)
{
	*sums = table->sums;
}
