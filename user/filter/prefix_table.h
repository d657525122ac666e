/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PREFIX_TABLE_H
#define BPFSNIFF_PREFIX_TABLE_H

#include "filter/prefix.h"

/* Prefixes laid out for the look-up of include/prefix_set.h. */
struct prefix_table {
	struct prefix_slot *slots;
	uint32_t slot_count; /* a power of two; 0: there is no table */
	uint64_t *bloom;
	uint32_t bloom_count; /* a power of two */
	uint32_t length_count;
	struct prefix_length lengths[PREFIX_LENGTHS_MAX]; /* from the longest */
};

/* Sorts the list, merges what is equal, and lays it out. 0 or -ENOMEM. */
int prefix_table_build(struct prefix_list *list, struct prefix_table *table);
void prefix_table_release(struct prefix_table *table);

#endif
