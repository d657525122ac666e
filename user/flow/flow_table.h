/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TABLE_H
#define BPFSNIFF_FLOW_TABLE_H

#include <stddef.h>

#include "flow/flow_record.h"
#include "flow_memory.h"

/*
 * The flows that go on, whose packets are counted here, one by one, or in the kernel. Tells each that ends, and forgets
 * the one that was silent longest where there is no room.
 */
struct flow_table;

/* A flow has ended, or has lasted long enough to be told. */
typedef void flow_teller(void *context, const struct flow_record *record);

/* The kernel counts. The memory has room for more flows than the table, so that some can begin before others go. */
struct flow_table_kernel {
	struct flow_memory memory;
	/* Wait until every program has ended that may have found what is no longer in the table. */
	void (*wait)(void *context);
	/* Whether a flow is wanted that has packets now; else what was counted of it is taken back. NULL: each is. */
	bool (*wants)(void *context, const struct flow_record *record);
	/* A flow has new packets. NULL: nobody wants to know. */
	void (*note)(void *context, struct flow_record *record);
	void *context;
};

struct flow_table_options {
	uint32_t flows;              /* room for so many */
	uint64_t idle_ns, active_ns; /* after which a flow ends, or is told; 0: never */
	uint64_t linger_ns;          /* after which a flow that closing packets have ended is told */
	bool keeps_ended;            /* those that have ended stay for flow_table_each() as long as there is room */
	flow_teller *tell;           /* NULL: nobody wants to know */
	void *context;
	const struct flow_table_kernel *kernel; /* kept by the caller; NULL: packets are counted here */
};

/* Flows and what they hold: `packets` and `bytes` are those of flows that were told or are still in the table. */
struct flow_sums {
	uint64_t count; /* flows that are not evicted */
	uint64_t packets, bytes;
	uint64_t evicted, evicted_packets, evicted_bytes;
	uint64_t unwanted_packets, unwanted_bytes; /* that were taken back */
};

/* NULL without memory. */
struct flow_table *flow_table_open(const struct flow_table_options *options);

/* Count a packet here. */
void flow_table_add_packet(struct flow_table *table, const struct flow_packet *packet);

/* Take over what the kernel has counted, and end those that have been silent too long at `now`, a time as flows
 * have it. */
void flow_table_collect(struct flow_table *table, uint64_t now);

/* Have the kernel add so much to the times of packets. */
void flow_table_set_clock(struct flow_table *table, uint64_t offset);

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
