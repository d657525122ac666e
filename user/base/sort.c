/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/sort.h"

#include <string.h>

/* Merge [from, middle) and [middle, end) into `to`. */
static void merge(const void **to, const void *const *from, size_t middle, size_t end, sort_compare *compare)
{
	size_t left = 0, right = middle;

	for (size_t i = 0; i < end; i++) {
		const int takes_left = right == end || (left < middle && compare(from[left], from[right]) <= 0);

		to[i] = from[takes_left ? left++ : right++];
	}
}

static size_t at_most(size_t number, size_t limit)
{
	return number < limit ? number : limit;
}

void sort_pointers(const void **pointers, const void **room, size_t count, sort_compare *compare)
{
	const void **from = pointers, **to = room, **swap;

	for (size_t width = 1; width < count; width *= 2) {
		for (size_t i = 0; i < count; i += 2 * width)
			merge(to + i, from + i, at_most(width, count - i), at_most(2 * width, count - i), compare);
		swap = from;
		from = to;
		to = swap;
	}
	if (from != pointers)
		memcpy(pointers, from, count * sizeof(*pointers));
}
