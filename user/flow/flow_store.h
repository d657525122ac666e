/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_STORE_H
#define BPFSNIFF_FLOW_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "counted_flow.h"
#include "flow_memory.h"

/* The table of include/flow_slots.h, from the side that takes flows out of it. */
struct flow_store {
	struct flow_memory memory;
	bool is_shared; /* programs in the kernel find and add flows meanwhile */
};

/* Use memory that the kernel counts in, all zeros; NULL: use memory of this process for so many flows. Flows end after
 * `idle_ns` of silence; 0: never. 0 or -errno. */
int flow_store_open(struct flow_store *store, const struct flow_memory *shared, uint32_t flows, uint64_t idle_ns);

/* The flow that a packet continues, or of which it begins another: *continues tells. 0: there is none with its id. */
uint32_t flow_store_find(struct flow_store *store, const struct flow_packet *packet, bool *continues);

/* Begin the flow of a packet. 0: there is no room. */
uint32_t flow_store_begin(struct flow_store *store, const struct flow_packet *packet);

/* How many places have been taken since the beginning, and which was the one with a number, from 0; 0: none. */
uint64_t flow_store_taken(const struct flow_store *store);
uint32_t flow_store_taken_place(const struct flow_store *store, uint64_t number);

/* From now on nobody finds the flow any more; but who has found it may still count. */
void flow_store_unlink(struct flow_store *store, uint32_t place);

/* Let a place be taken that nobody can have found. */
void flow_store_give(struct flow_store *store, uint32_t place);

/* What is to be added to the times of packets. */
void flow_store_set_clock(struct flow_store *store, uint64_t offset);

static inline struct flow_record *flow_store_record(const struct flow_store *store, uint32_t place)
{
	return &store->memory.slots[place];
}

/* Takes a zeroed struct too. Memory that the kernel counts in stays the caller's. */
void flow_store_release(struct flow_store *store);

#endif
