/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_LIST_H
#define BPFSNIFF_FLOW_LIST_H

#include <stdbool.h>
#include <stdint.h>

/* What a table knows of a place beside the record of its flow. Each place that is taken is in one list, most in the
 * order of last packets. */

enum flow_state {
	FLOW_FREE,
	FLOW_NEW, /* taken, and not yet looked at */
	FLOW_OPEN,
	FLOW_CLOSING, /* FIN or RST was seen */
	FLOW_ENDED,   /* told, and kept to be shown; no longer found by its id */
	FLOW_LEAVING, /* unlinked, and to be told */
	FLOW_EVICTED, /* unlinked */
	FLOW_STATES,
};

struct flow_entry {
	uint64_t packets, bytes; /* of its totals, those that have been looked at */
	uint32_t older, newer;   /* places; 0: none */
	uint32_t state;          /* enum flow_state */
	uint32_t is_counted;     /* as a flow */
};

struct flow_list {
	uint32_t oldest, newest;
};

/* `lists` are FLOW_STATES many. */
static inline void flow_list_leave(struct flow_list *lists, struct flow_entry *entries, uint32_t place)
{
	const struct flow_entry *entry = &entries[place];
	struct flow_list *list = &lists[entry->state];

	*(entry->older ? &entries[entry->older].newer : &list->oldest) = entry->newer;
	*(entry->newer ? &entries[entry->newer].older : &list->newest) = entry->older;
}

static inline void flow_list_enter(struct flow_list *lists, struct flow_entry *entries, uint32_t place,
				   enum flow_state state)
{
	struct flow_entry *entry = &entries[place];
	struct flow_list *list = &lists[state];

	entry->state = state;
	entry->older = list->newest;
	entry->newer = 0;
	*(list->newest ? &entries[list->newest].newer : &list->oldest) = place;
	list->newest = place;
}

#endif
