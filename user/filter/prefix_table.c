/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/prefix_table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "filter/prefix.h"
#include "prefix_hash.h"

/* Sort IPv4 first, then by address, and a covering prefix before those that it covers. */
static int prefix_order(const void *left, const void *right)
{
	const struct prefix *a = left, *b = right;
	int order = (int)prefix_is_ipv4(b) - (int)prefix_is_ipv4(a);

	if (!order)
		order = memcmp(a->address, b->address, sizeof(a->address));
	return order ? order : (int)a->bits - (int)b->bits;
}

/* Files mostly are, and qsort(3) copies everything first. */
static bool is_sorted(const struct prefix_list *list)
{
	for (size_t i = 1; i < list->count; i++)
		if (prefix_order(&list->items[i - 1], &list->items[i]) > 0)
			return false;
	return true;
}

static void sort_and_merge(struct prefix_list *list)
{
	size_t kept = 0;

	if (!is_sorted(list))
		qsort(list->items, list->count, sizeof(*list->items), prefix_order);
	for (size_t i = 0; i < list->count; i++) {
		if (kept && !prefix_order(&list->items[kept - 1], &list->items[i]))
			list->items[kept - 1].lists |= list->items[i].lists;
		else
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

static bool covers(const struct prefix *outer, const struct prefix *inner)
{
	uint64_t mask[2];

	if (prefix_is_ipv4(outer) != prefix_is_ipv4(inner))
		return false;
	prefix_mask(outer->bits, mask);
	return (inner->address[0] & mask[0]) == outer->address[0] && (inner->address[1] & mask[1]) == outer->address[1];
}

/* Add to each prefix the lists of those that cover it. In sorted order, a stack holds the covering ones. */
static void inherit_lists(struct prefix_list *list)
{
	const struct prefix *stack[2 * PREFIX_LENGTHS_MAX];
	size_t depth = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct prefix *prefix = &list->items[i];

		while (depth && !covers(stack[depth - 1], prefix))
			depth--;
		if (depth)
			prefix->lists |= stack[depth - 1]->lists;
		stack[depth++] = prefix;
	}
}

static void collect_lengths(const struct prefix_list *list, struct prefix_table *table)
{
	bool used[PREFIX_LENGTHS_MAX] = {false};

	for (size_t i = 0; i < list->count; i++)
		used[list->items[i].bits] = true;
	table->length_count = 0;
	for (unsigned int bits = PREFIX_LENGTHS_MAX; bits-- > 0;) {
		struct prefix_length *length = &table->lengths[table->length_count];
		uint64_t mask[2];

		if (!used[bits])
			continue;
		prefix_mask(bits, mask);
		*length = (struct prefix_length){.mask = {mask[0], mask[1]}, .bits = bits};
		table->length_count++;
	}
}

static uint32_t home_of(const struct prefix_slot *slot)
{
	return (uint32_t)prefix_hash(slot->address[0], slot->address[1], slot->bits);
}

/* Robin Hood hashing keeps the longest probe short: the entry that is farther from its home gets the place. False if a
 * probe would be longer than PREFIX_PROBES_MAX. */
static bool insert(struct prefix_table *table, const struct prefix *prefix)
{
	uint32_t mask = table->slot_count - 1;
	struct prefix_slot slot = {
		.address = {prefix->address[0], prefix->address[1]},
		.bits = prefix->bits,
		.lists = prefix->lists,
	};
	uint32_t index = home_of(&slot) & mask;

	for (uint32_t distance = 0; distance < PREFIX_PROBES_MAX; distance++, index = (index + 1) & mask) {
		struct prefix_slot *place = &table->slots[index];
		uint32_t other = (index - home_of(place)) & mask;

		if (!place->lists) {
			*place = slot;
			return true;
		}
		if (other < distance) {
			struct prefix_slot displaced = *place;

			*place = slot;
			slot = displaced;
			distance = other;
		}
	}
	return false;
}

static bool insert_all(struct prefix_table *table, const struct prefix_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (!insert(table, &list->items[i]))
			return false;
	return true;
}

/* At least 16 bits for each prefix keep false positives below two percent. */
static int fill_bloom(const struct prefix_list *list, struct prefix_table *table)
{
	uint32_t words = 1;

	while (words * 4ull < list->count)
		words *= 2;
	free(table->bloom);
	table->bloom_count = words;
	table->bloom = calloc(words, sizeof(*table->bloom));
	if (!table->bloom)
		return -ENOMEM;
	for (size_t i = 0; i < list->count; i++) {
		const struct prefix *prefix = &list->items[i];
		uint64_t hash = prefix_hash(prefix->address[0], prefix->address[1], prefix->bits);

		table->bloom[bloom_word(hash) & (words - 1)] |= bloom_bits(hash);
	}
	return 0;
}

int prefix_table_build(struct prefix_list *list, struct prefix_table *table)
{
	uint32_t slots = 2;

	sort_and_merge(list);
	inherit_lists(list);
	collect_lengths(list, table);
	if (fill_bloom(list, table))
		return -ENOMEM;
	while (slots < 2 * list->count)
		slots *= 2;
	for (;; slots *= 2) {
		free(table->slots);
		table->slot_count = slots;
		table->slots = calloc(slots, sizeof(*table->slots));
		if (!table->slots)
			return -ENOMEM;
		if (insert_all(table, list))
			return 0;
	}
}

void prefix_table_release(struct prefix_table *table)
{
	free(table->slots);
	free(table->bloom);
	*table = (struct prefix_table){0};
}
