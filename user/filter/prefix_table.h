/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PREFIX_TABLE_H
#define BPFSNIFF_PREFIX_TABLE_H

#include <stdint.h>

#include "abi.h"

struct prefix_list;

/* A hash table of prefixes with a Bloom filter, laid out for the look-up of include/prefix_set.h. */
struct prefix_table {
	struct prefix_slot *slots;
	uint32_t slot_count; /* a power of two; 0: no table */
	uint64_t *bloom;
	uint32_t bloom_count; /* words, a power of two */
	uint32_t length_count;
	struct prefix_length lengths[PREFIX_LENGTHS_MAX]; /* the lengths in use, longest first */
};

/* Build a table, zeroed or built before, from a list, which this sorts and in which it merges equal prefixes. 0 or
 * -ENOMEM. */
int prefix_table_build(struct prefix_list *list, struct prefix_table *table);

/* Takes a zeroed table too. */
void prefix_table_release(struct prefix_table *table);

#endif
