/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TABLE_H
#define BPFSNIFF_FLOW_TABLE_H

#include <stddef.h>

#include "flow/flow_record.h"

/*
 * The flows that go on, from what is counted of them in parts: a packet each from a file, what a period has brought
 * from the kernel. Tells each that ends, and forgets the one that was silent longest where there is no room.
 */
struct flow_table;

/* A flow has ended, or has lasted long enough to be told. */
typedef void flow_teller(void *context, const struct flow_record *record);

struct flow_table_options {
	uint32_t flows;              /* room for so many */
	uint64_t idle_ns, active_ns; /* after which a flow ends, or is told; 0: never */
	uint64_t linger_ns;          /* after which a flow that closing packets have ended is told */
	bool keeps_ended;            /* those that have ended stay for flow_table_each() as long as there is room */
	flow_teller *tell;           /* NULL: nobody wants to know */
	void *context;
};

/* Flows and what they hold: `packets` and `bytes` are those of flows that were told or are still in the table. */
struct flow_sums {
	uint64_t count; /* flows that are not evicted */
	uint64_t packets, bytes;
	uint64_t evicted, evicted_packets, evicted_bytes;
};

/* NULL without memory. */
struct flow_table *flow_table_open(const struct flow_table_options *options);

/* Add a part to its flow, and end those that have been silent too long before it came. Returns the flow, good until
 * the table changes. */
struct flow_record *flow_table_add(struct flow_table *table, const struct flow_id *id, const struct flow_totals *part);

/* The same for one packet. */
void flow_table_add_packet(struct flow_table *table, const struct flow_packet *packet);

/* Packets that found no room elsewhere. */
void flow_table_add_evicted(struct flow_table *table, uint64_t packets, uint64_t bytes);

/* It is `now`, a time as flows have it: end what has been silent for too long. */
void flow_table_pass(struct flow_table *table, uint64_t now);

/* End every flow. */
void flow_table_stop(struct flow_table *table);

/* Begin a period, from which on recent_bytes count; the first is 1. */
void flow_table_next_period(struct flow_table *table);

/* The current period. */
uint32_t flow_table_period(const struct flow_table *table);

/* More flows than this are not in the table. */
size_t flow_table_used(const struct flow_table *table);

/* The time of the last packet, or of flow_table_pass(). */
uint64_t flow_table_now(const struct flow_table *table);

/* The flows in the table, in the order of their last packets, those first that have ended. */
void flow_table_each(const struct flow_table *table, flow_teller *visit, void *context);

void flow_table_sums(const struct flow_table *table, struct flow_sums *sums);

/* Takes NULL. */
void flow_table_close(struct flow_table *table);

#endif
