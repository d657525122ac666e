/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SORT_H
#define BPFSNIFF_SORT_H

#include <stddef.h>

/* Below 0: `left` comes first. */
typedef int sort_compare(const void *left, const void *right);

/* Sort pointers by what they point to; what is equal keeps its order. `room` is for as many pointers again. qsort(3)
 * asks the system how much memory there is, which a confined process may not. */
void sort_pointers(const void **pointers, const void **room, size_t count, sort_compare *compare);

#endif
