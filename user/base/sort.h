/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SORT_H
#define BPFSNIFF_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Below 0: `left` comes first. */
typedef int sort_compare(const void *left, const void *right);

/* Something to sort, and by which number. The number stands beside the pointer, so that few comparisons have to follow
 * that. */
struct sort_item {
	uint64_t value;
	const void *item;
};

/* Sort by value, the largest first; what has the same value, as `compare` says; and what is equal keeps its order.
 * `room` is for as many items again. qsort(3) asks the system how much memory there is, which a confined process may
 * not. */
void sort_items(struct sort_item *items, struct sort_item *room, size_t count, sort_compare *compare);

#endif
