/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/sort.h"

#include <string.h>

static int is_in_order(const struct sort_item *left, const struct sort_item *right, sort_compare *compare)
{
	if (left->value != right->value)
		return left->value > right->value;
	return compare(left->item, right->item) <= 0;
}

/* Merge [from, middle) and [middle, end) into `to`. */
static void merge(struct sort_item *to, const struct sort_item *from, size_t middle, size_t end, sort_compare *compare)
{
	size_t left = 0, right = middle;

	for (size_t i = 0; i < end; i++) {
		const int takes_left =
			right == end || (left < middle && is_in_order(&from[left], &from[right], compare));

		to[i] = from[takes_left ? left++ : right++];
	}
}

static size_t at_most(size_t number, size_t limit)
{
	return number < limit ? number : limit;
}

void sort_items(struct sort_item *items, struct sort_item *room, size_t count, sort_compare *compare)
{
	struct sort_item *from = items, *to = room, *swap;

	for (size_t width = 1; width < count; width *= 2) {
		for (size_t i = 0; i < count; i += 2 * width)
			merge(to + i, from + i, at_most(width, count - i), at_most(2 * width, count - i), compare);
		swap = from;
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, count * sizeof(*items));
}
