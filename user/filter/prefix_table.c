/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/prefix_table.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "filter/prefix.h"
#include "prefix_hash.h"

/* Sort IPv4 first, then by address, and a covering prefix before those that it covers. */
static int prefix_order(const void *left, const void *right)
{
	const struct prefix *a = left, *b = right;
	int order = (int)prefix_is_ipv4(b) - (int)prefix_is_ipv4(a);

	for (int i = 0; i < 2 && !order; i++)
		if (a->address[i] != b->address[i])
			order = be64toh(a->address[i]) < be64toh(b->address[i]) ? -1 : 1;
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

static void collect_lengths(const struct prefix_list *list, struct prefix_layout *layout)
{
	bool used[2][PREFIX_LENGTHS_MAX] = {{false}};

	for (size_t i = 0; i < list->count; i++)
		used[prefix_is_ipv4(&list->items[i])][list->items[i].bits] = true;
	for (unsigned int bits = PREFIX_LENGTHS_MAX; bits-- > 0;) {
		uint64_t mask[2];

		if (used[true][bits])
			layout->ipv4_host_bits[layout->ipv4_length_count++] = (uint8_t)(128 - bits);
		if (!used[false][bits])
			continue;
		prefix_mask(bits, mask);
		layout->lengths[layout->length_count++] =
			(struct prefix_length){.mask = {mask[0], mask[1]}, .bits = bits};
	}
}

static uint64_t ipv4_key_of(const struct prefix *prefix)
{
	return ipv4_key(SWAP32(ADDRESS_LAST(prefix->address[1])), 128u - prefix->bits);
}

/* False if the bucket is full. */
static bool insert_ipv4(const struct prefix_table *table, const struct prefix *prefix)
{
	uint64_t key = ipv4_key_of(prefix);
	struct ipv4_bucket *bucket = &table->buckets[ipv4_bucket_of(key, table->layout.bucket_count)];

	for (int i = 0; i < IPV4_BUCKET_SLOTS; i++) {
		if (bucket->low[i])
			continue;
		bucket->high[i] = ipv4_tag_high(key);
		bucket->low[i] = ipv4_tag_low(key) | prefix->lists;
		return true;
	}
	return false;
}

/* Fill the buckets from a sorted list, and move what finds room in them to its start. With 16 prefixes for a bucket,
 * one in 70 finds none. */
static int insert_all_ipv4(struct prefix_table *table, struct prefix_list *list, size_t *placed)
{
	enum { PREFIXES_PER_BUCKET = 16 };
	struct prefix *items = list->items;
	size_t count = 0;

	while (count < list->count && prefix_is_ipv4(&items[count]))
		count++;
	*placed = 0;
	if (count < IPV4_BUCKETS_MIN)
		return 0;
	table->layout.bucket_count = (uint32_t)(count / PREFIXES_PER_BUCKET);
	if (table->layout.bucket_count < IPV4_BUCKETS_MIN)
		table->layout.bucket_count = IPV4_BUCKETS_MIN;
	table->buckets = calloc(table->layout.bucket_count, sizeof(*table->buckets));
	if (!table->buckets)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct prefix prefix = items[i];

		if (!insert_ipv4(table, &prefix))
			continue;
		items[i] = items[*placed];
		items[(*placed)++] = prefix;
	}
	return 0;
}

static uint32_t home_of(const struct prefix_slot *slot)
{
	return (uint32_t)prefix_hash(slot->address[0], slot->address[1], slot->bits);
}

/* Robin Hood hashing keeps the longest probe short: the entry that is farther from its home gets the place. False if a
 * probe would be longer than PREFIX_PROBES_MAX. */
static bool insert(struct prefix_table *table, const struct prefix *prefix)
{
	uint32_t mask = table->layout.slot_mask;
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

static bool insert_all(struct prefix_table *table, const struct prefix *prefixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!insert(table, &prefixes[i]))
			return false;
	return true;
}

/* Grow the table until the probes suffice. */
static int grow_slots(struct prefix_table *table, const struct prefix *prefixes, size_t count)
{
	uint32_t slots = 2;

	while (slots < 2 * count)
		slots *= 2;
	for (;; slots *= 2) {
		free(table->slots);
		table->layout.slot_mask = slots - 1;
		table->slots = calloc(slots, sizeof(*table->slots));
		if (!table->slots)
			return -ENOMEM;
		if (insert_all(table, prefixes, count))
			return 0;
	}
}

static uint64_t hash_of(const struct prefix *prefix)
{
	return prefix_is_ipv4(prefix) ? ipv4_hash(ipv4_key_of(prefix))
				      : prefix_hash(prefix->address[0], prefix->address[1], prefix->bits);
}

/* At least 8 bits for each prefix keep false positives below four percent. */
static int fill_bloom(struct prefix_table *table, const struct prefix_list *list)
{
	uint32_t words = 1;

	while (words * 8ull < list->count)
		words *= 2;
	table->layout.bloom_mask = words - 1;
	table->bloom = calloc(words, sizeof(*table->bloom));
	if (!table->bloom)
		return -ENOMEM;
	for (size_t i = 0; i < list->count; i++) {
		uint64_t hash = hash_of(&list->items[i]);

		table->bloom[bloom_word(hash) & table->layout.bloom_mask] |= bloom_bits(hash);
	}
	return 0;
}

int prefix_table_build(struct prefix_list *list, struct prefix_table *table)
{
	size_t placed = 0;

	prefix_table_release(table);
	sort_and_merge(list);
	inherit_lists(list);
	collect_lengths(list, &table->layout);
	if (fill_bloom(table, list) || insert_all_ipv4(table, list, &placed))
		return -ENOMEM;
	return grow_slots(table, list->items + placed, list->count - placed);
}

void prefix_table_release(struct prefix_table *table)
{
	free(table->bloom);
	free(table->buckets);
	free(table->slots);
	*table = (struct prefix_table){0};
}
