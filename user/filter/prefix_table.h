/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PREFIX_TABLE_H
#define BPFSNIFF_PREFIX_TABLE_H

#include <stdint.h>

#include "abi.h"

struct prefix_list;

/* Hash tables of prefixes with a Bloom filter, laid out for the look-up of include/prefix_set.h. */
struct prefix_table {
	uint64_t *bloom;
	struct ipv4_bucket *buckets;
	struct prefix_slot *slots; /* NULL: no table */
	struct prefix_layout layout;
};

/* Build a table, zeroed or built before, from a list, which this reorders and in which it merges equal prefixes. 0 or
 * -ENOMEM. */
int prefix_table_build(struct prefix_list *list, struct prefix_table *table);

/* Takes a zeroed table too. */
void prefix_table_release(struct prefix_table *table);

#endif
