/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TABLE_INTERNAL_H
#define BPFSNIFF_FLOW_TABLE_INTERNAL_H

#include "flow/flow_list.h"
#include "flow/flow_store.h"
#include "flow/flow_table.h"

/* What the flow_table*.c files share. */

struct flow_table {
	struct flow_table_options options;
	struct flow_store store;
	struct flow_entry *entries; /* of its places */
	uint64_t taken;             /* places of the store that are known to be */
	uint32_t used;              /* that have ever been given to the store, where packets are counted here */
	uint32_t present;           /* flows in the lists of open, closing and ended ones */
	struct flow_list lists[FLOW_STATES];
	uint64_t now; /* of the last packet */
	uint32_t period;
	struct flow_sums sums;
};

static inline struct flow_record *flow_table_record(const struct flow_table *table, uint32_t place)
{
	return flow_store_record(&table->store, place);
}

static inline void flow_table_move(struct flow_table *table, uint32_t place, enum flow_state state)
{
	flow_list_leave(table->lists, table->entries, place);
	flow_list_enter(table->lists, table->entries, place, state);
}

/* Add up what was counted of a flow since it was last looked at. */
void flow_table_add_up(struct flow_table *table, uint32_t place, const struct flow_totals *totals);

/* Take what was counted, and leave zeros: programs may add to it at the same moment. */
struct flow_totals flow_table_empty(struct flow_record *record);

/* Count what a flow has as unwanted. */
void flow_table_take_back(struct flow_table *table, struct flow_record *record);

void flow_table_tell(const struct flow_table *table, struct flow_record *record, enum flow_end end);

/* A place is free again. */
void flow_table_release(struct flow_table *table, uint32_t place);

/* A flow ends: nobody finds it any more. */
void flow_table_end(struct flow_table *table, uint32_t place, enum flow_end end);

/* Have a flow go: one that has been told, or ends anyway, or has been silent longest. */
void flow_table_make_room(struct flow_table *table);

/* Conclude what has ended, or has to go, once nobody counts it any more. */
void flow_table_conclude(struct flow_table *table);

#endif
