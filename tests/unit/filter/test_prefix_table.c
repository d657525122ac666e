/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "filter/prefix.h"
#include "filter/prefix_table.h"
#include "prefix_set.h"

/* The look-up must agree with the definition: an address is in the lists of every prefix that covers it. */

enum { LOOKUPS = 2000 };

/* The look-up, compiled for user space. */
static const struct prefix_slot *prefix_slot_at(const void *spec, uint32_t index)
{
	const struct prefix_table *table = spec;

	assert_in_range(index, 0, table->layout.slot_mask);
	return &table->slots[index];
}

static const struct ipv4_bucket *ipv4_bucket_at(const void *spec, uint32_t index)
{
	const struct prefix_table *table = spec;

	assert_in_range(index, 0, table->layout.bucket_count - 1);
	return &table->buckets[index];
}

static __u64 prefix_bloom_at(const void *spec, uint32_t index)
{
	const struct prefix_table *table = spec;

	assert_in_range(index, 0, table->layout.bloom_mask);
	return table->bloom[index];
}

struct lookup {
	struct prefix_list list;
	struct prefix_table table;
};

static void build(struct lookup *lookup)
{
	assert_int_equal(prefix_table_build(&lookup->list, &lookup->table), 0);
}

static void clear(struct lookup *lookup)
{
	prefix_table_release(&lookup->table);
	prefix_list_release(&lookup->list);
}

static uint32_t look_up(const struct lookup *lookup, const uint64_t address[2])
{
	return address_lists(&lookup->table.layout, &lookup->table, address[0], address[1]);
}

static bool is_ipv4_address(const uint64_t address[2])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(address, mapped, sizeof(mapped)) == 0;
}

static bool covers(const struct prefix *prefix, const uint64_t address[2])
{
	uint8_t ours[16], theirs[16];
	unsigned int bytes = prefix->bits / 8, rest = prefix->bits % 8;

	if (is_ipv4_address(address) && prefix->bits < IPV4_PREFIX_BITS)
		return false;
	memcpy(ours, prefix->address, sizeof(ours));
	memcpy(theirs, address, sizeof(theirs));
	return memcmp(ours, theirs, bytes) == 0 && (!rest || (ours[bytes] ^ theirs[bytes]) >> (8 - rest) == 0);
}

static uint32_t look_up_slowly(const struct prefix *prefixes, size_t count, const uint64_t address[2])
{
	uint32_t lists = 0;

	for (size_t i = 0; i < count; i++)
		if (covers(&prefixes[i], address))
			lists |= prefixes[i].lists;
	return lists;
}

/* xorshift64*: the same numbers in every run. */
static uint64_t random_number(void)
{
	static uint64_t seed = 88172645463325252u;

	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * 2685821657736338717u;
}

/* Draw many equal bytes, so that prefixes nest; half of the addresses are IPv4. */
static void random_address(uint64_t address[2])
{
	uint8_t bytes[16] = {[10] = 0xff, [11] = 0xff};

	for (int i = random_number() >> 63 ? 0 : 12; i < 16; i++)
		bytes[i] = random_number() >> 62 ? (uint8_t)(random_number() >> 63) : (uint8_t)(random_number() >> 56);
	memcpy(address, bytes, sizeof(bytes));
}

static struct prefix random_prefix(void)
{
	struct prefix prefix = {.lists = (uint8_t)(1 << random_number() % 4)};
	uint64_t mask[2];

	random_address(prefix.address);
	prefix.bits = is_ipv4_address(prefix.address) ? (uint8_t)(IPV4_PREFIX_BITS + random_number() % 33)
						      : (uint8_t)(random_number() % PREFIX_LENGTHS_MAX);
	prefix_mask(prefix.bits, mask);
	prefix.address[0] &= mask[0];
	prefix.address[1] &= mask[1];
	return prefix;
}

/* An address that a prefix covers. */
static void address_inside(const struct prefix *prefix, uint64_t address[2])
{
	uint64_t mask[2];

	prefix_mask(prefix->bits, mask);
	for (int i = 0; i < 2; i++)
		address[i] = prefix->address[i] | (random_number() & ~mask[i]);
}

static void add(struct lookup *lookup, const char *text, uint8_t lists)
{
	struct prefix prefix;

	assert_int_equal(prefix_parse(text, strlen(text), &prefix), 0);
	prefix.lists = lists;
	assert_int_equal(prefix_list_add(&lookup->list, &prefix), 0);
}

static void expect(const struct lookup *lookup, const char *address, uint32_t lists)
{
	struct prefix prefix;
	uint32_t found;

	assert_int_equal(prefix_parse(address, strlen(address), &prefix), 0);
	found = look_up(lookup, prefix.address);
	if (found != lists)
		fail_msg("%s is in %#x, not %#x", address, found, lists);
}

static void families_are_apart(void **state)
{
	struct lookup lookup = {0};

	(void)state;
	add(&lookup, "::/0", LIST_SOURCE);
	build(&lookup);
	expect(&lookup, "2001:db8::1", LIST_SOURCE);
	expect(&lookup, "::", LIST_SOURCE);
	expect(&lookup, "::fffe:ffff:ffff", LIST_SOURCE);
	expect(&lookup, "::1:0:0:0", LIST_SOURCE);
	expect(&lookup, "192.0.2.1", 0);
	expect(&lookup, "0.0.0.0", 0);
	expect(&lookup, "255.255.255.255", 0);

	add(&lookup, "0.0.0.0/0", LIST_NOT);
	build(&lookup);
	expect(&lookup, "192.0.2.1", LIST_NOT);
	expect(&lookup, "2001:db8::1", LIST_SOURCE);
	expect(&lookup, "::1:0:0:0", LIST_SOURCE);

	add(&lookup, "::/64", LIST_DESTINATION);
	build(&lookup);
	expect(&lookup, "192.0.2.1", LIST_NOT);
	expect(&lookup, "::1", LIST_SOURCE | LIST_DESTINATION);
	clear(&lookup);
}

static void nested_prefixes_inherit_lists(void **state)
{
	struct lookup lookup = {0};

	(void)state;
	add(&lookup, "10.1.2.3", LIST_NOT);
	add(&lookup, "10.0.0.0/8", LIST_EITHER);
	add(&lookup, "10.1.0.0/16", LIST_SOURCE);
	add(&lookup, "10.1.3.0/24", LIST_DESTINATION);
	add(&lookup, "2001:db8::/32", LIST_EITHER);
	add(&lookup, "2001:db8:1::/48", LIST_SOURCE);
	build(&lookup);
	expect(&lookup, "10.1.2.3", LIST_NOT | LIST_SOURCE | LIST_EITHER);
	expect(&lookup, "10.1.2.4", LIST_SOURCE | LIST_EITHER);
	expect(&lookup, "10.1.3.4", LIST_DESTINATION | LIST_SOURCE | LIST_EITHER);
	expect(&lookup, "10.2.3.4", LIST_EITHER);
	expect(&lookup, "11.1.2.3", 0);
	expect(&lookup, "2001:db8:1::1", LIST_SOURCE | LIST_EITHER);
	expect(&lookup, "2001:db8:2::1", LIST_EITHER);
	expect(&lookup, "2001:db9::1", 0);
	clear(&lookup);
}

static void duplicates_merge(void **state)
{
	struct lookup lookup = {0};

	(void)state;
	add(&lookup, "10.0.0.0/8", LIST_SOURCE);
	add(&lookup, "10.9.9.9/8", LIST_DESTINATION);
	add(&lookup, "::ffff:10.0.0.0/104", LIST_NOT);
	add(&lookup, "192.0.2.1", LIST_EITHER);
	add(&lookup, "192.0.2.1/32", LIST_EITHER);
	build(&lookup);
	assert_int_equal(lookup.list.count, 2);
	assert_int_equal(lookup.table.layout.length_count, 0);
	assert_int_equal(lookup.table.layout.ipv4_length_count, 2);
	assert_int_equal(lookup.table.layout.ipv4_host_bits[0], 0);
	assert_int_equal(lookup.table.layout.ipv4_host_bits[1], 24);
	expect(&lookup, "10.1.1.1", LIST_SOURCE | LIST_DESTINATION | LIST_NOT);
	expect(&lookup, "192.0.2.1", LIST_EITHER);
	clear(&lookup);
}

static void every_length(void **state)
{
	struct lookup lookup = {0};
	uint64_t address[2];

	(void)state;
	for (unsigned int bits = 0; bits < PREFIX_LENGTHS_MAX; bits++) {
		struct prefix prefix = {.bits = (uint8_t)bits, .lists = LIST_EITHER};

		prefix_mask(bits, prefix.address);
		assert_int_equal(prefix_list_add(&lookup.list, &prefix), 0);
	}
	build(&lookup);
	assert_int_equal(lookup.table.layout.length_count, PREFIX_LENGTHS_MAX);
	for (unsigned int bits = 0; bits < PREFIX_LENGTHS_MAX; bits++) {
		assert_int_equal(lookup.table.layout.lengths[bits].bits, 128 - bits);
		prefix_mask(bits, address);
		assert_int_equal(look_up(&lookup, address), LIST_EITHER);
	}
	clear(&lookup);
}

/* Compare the look-up with the definition, for `count` random prefixes. */
static void compare(size_t count, size_t lookups)
{
	struct lookup lookup = {0};
	struct prefix *given = calloc(count, sizeof(*given));
	size_t inside = 0;

	assert_non_null(given);
	for (size_t i = 0; i < count; i++) {
		given[i] = random_prefix();
		assert_int_equal(prefix_list_add(&lookup.list, &given[i]), 0);
	}
	build(&lookup);
	for (size_t i = 0; i < lookups; i++) {
		uint32_t found, wanted;
		uint64_t address[2];

		if (i % 2)
			address_inside(&given[random_number() % count], address);
		else
			random_address(address);
		found = look_up(&lookup, address);
		wanted = look_up_slowly(given, count, address);
		if (found != wanted)
			fail_msg("%016lx%016lx is in %#x, not %#x", __builtin_bswap64(address[0]),
				 __builtin_bswap64(address[1]), found, wanted);
		inside += found != 0;
	}
	assert_in_range(inside, lookups / 2, lookups);
	free(given);
	clear(&lookup);
}

static void few_random_prefixes(void **state)
{
	(void)state;
	for (size_t count = 1; count <= 100; count++)
		compare(count, LOOKUPS);
}

static void ten_thousand_random_prefixes(void **state)
{
	(void)state;
	compare(10000, LOOKUPS);
}

/* The number x with factor * x = 1, modulo a power of two (Newton). */
static uint64_t inverse(uint64_t factor)
{
	uint64_t x = factor;

	for (int i = 0; i < 6; i++)
		x *= 2 - factor * x;
	return x;
}

/* The IPv4 prefix with a key: ipv4_key(), backwards. */
static struct prefix prefix_of_key(uint64_t key)
{
	const uint64_t mask = (UINT64_C(1) << IPV4_KEY_BITS) - 1;
	struct prefix prefix = {.lists = (uint8_t)(1 << random_number() % 4)};
	uint32_t address;

	key = key * inverse(0xff51afd7ed558ccd) & mask;
	key ^= key >> 16 ^ key >> 32;
	key = key * inverse(0x9e3779b97f4a7c15) & mask;
	address = (uint32_t)((key & (key - 1)) >> 1);
	prefix.bits = (uint8_t)(128 - __builtin_ctzll(key));
	prefix.address[1] = ADDRESS_MAPPED(SWAP32(address));
	return prefix;
}

/*
 * The first bucket gets twice as many prefixes as it has slots, of any length: the lowest and the highest of its keys,
 * which differ in few bits. Those that find no room, others that are not in the set, and the first of the next bucket
 * are told apart.
 */
static void a_bucket_that_is_full(void **state)
{
	enum {
		HALF = IPV4_BUCKET_SLOTS,
		WHOLE = 2 * HALF,
		LAST = 1 << IPV4_TAG_BITS,
		COUNT = WHOLE + IPV4_BUCKETS_MIN
	};
	struct prefix given[COUNT];
	struct lookup lookup = {0};
	size_t wide = 0;

	(void)state;
	for (uint64_t i = 0; i < COUNT; i++) {
		given[i] = prefix_of_key(i < HALF ? 1 + i : LAST - WHOLE + i);
		assert_int_equal(ipv4_key(SWAP32(ADDRESS_LAST(given[i].address[1])), 128u - given[i].bits),
				 i < HALF ? 1 + i : LAST - WHOLE + i);
		if (i >= WHOLE)
			given[i] = prefix_of_key((i - WHOLE) << IPV4_TAG_BITS | 1 << 10);
		assert_int_equal(prefix_list_add(&lookup.list, &given[i]), 0);
	}
	build(&lookup);
	assert_int_equal(lookup.table.layout.bucket_count, IPV4_BUCKETS_MIN);
	for (uint32_t i = 0; i <= lookup.table.layout.slot_mask; i++)
		wide += lookup.table.slots[i].lists != 0;
	assert_int_equal(wide, WHOLE + 1 - IPV4_BUCKET_SLOTS);
	for (uint64_t i = 0; i < WHOLE + HALF; i++) {
		const struct prefix low = prefix_of_key(1 + i), high = prefix_of_key(LAST - WHOLE + i);

		assert_int_equal(look_up(&lookup, low.address), look_up_slowly(given, COUNT, low.address));
		assert_int_equal(look_up(&lookup, high.address), look_up_slowly(given, COUNT, high.address));
	}
	clear(&lookup);
}

/* Few IPv4 prefixes need no buckets, and many need no more room than 32 bits each, with those that are full. */
static void as_many_buckets_as_prefixes_need(void **state)
{
	enum { MANY = 1 << 18 };
	struct lookup lookup = {0};

	(void)state;
	for (uint32_t i = 1; i <= MANY; i++) {
		struct prefix prefix = {{0, ADDRESS_MAPPED(SWAP32(i << 8))}, .bits = 120, .lists = LIST_NOT};

		assert_int_equal(prefix_list_add(&lookup.list, &prefix), 0);
		if (i != IPV4_BUCKETS_MIN - 1 && i != IPV4_BUCKETS_MIN && i != MANY)
			continue;
		build(&lookup);
		assert_int_equal(lookup.table.layout.bucket_count, i < IPV4_BUCKETS_MIN ? 0
								   : i < MANY           ? IPV4_BUCKETS_MIN
											: MANY / 16);
	}
	assert_in_range(lookup.table.layout.slot_mask, 0, MANY / 16);
	for (uint32_t i = 1; i <= MANY; i++) {
		const uint64_t inside[] = {0, ADDRESS_MAPPED(SWAP32(i << 8 | 255))};

		assert_int_equal(look_up(&lookup, inside), LIST_NOT);
	}
	clear(&lookup);
}

/* Each of a million prefixes is found, and bounding the probes does not make the table grow. */
static void a_million_prefixes(void **state)
{
	enum { COUNT = 1000000 };
	struct lookup lookup = {0};
	size_t occupied = 0;

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++) {
		struct prefix prefix = {.bits = i % 2 ? 128 : 64, .lists = (uint8_t)(1 << i % 4)};

		prefix.address[0] = __builtin_bswap64(0x20010db800000000u + i);
		assert_int_equal(prefix_list_add(&lookup.list, &prefix), 0);
	}
	build(&lookup);
	assert_int_equal(lookup.list.count, COUNT);
	assert_int_equal(lookup.table.layout.slot_mask, (1 << 21) - 1);
	for (uint32_t i = 0; i < COUNT; i++) {
		uint64_t address[2] = {__builtin_bswap64(0x20010db800000000u + i), 0};

		assert_int_equal(look_up(&lookup, address), 1 << i % 4);
		address[1] = __builtin_bswap64(1);
		assert_int_equal(look_up(&lookup, address), i % 2 ? 0 : 1 << i % 4);
	}
	for (uint32_t i = 0; i <= lookup.table.layout.slot_mask; i++)
		occupied += lookup.table.slots[i].lists != 0;
	assert_int_equal(occupied, COUNT);
	clear(&lookup);
}

/* When more prefixes share a home slot than the look-up probes, the table grows until they no longer do. */
static void prefixes_that_collide(void **state)
{
	enum { COUNT = PREFIX_PROBES_MAX + 8, PLACES = 4096 };
	struct lookup lookup = {0};

	(void)state;
	for (uint64_t i = 0; lookup.list.count < COUNT; i++) {
		const struct prefix prefix = {.address = {i, 0}, .bits = 128, .lists = LIST_EITHER};

		if (prefix_hash(i, 0, 128) % PLACES == 0)
			assert_int_equal(prefix_list_add(&lookup.list, &prefix), 0);
	}
	build(&lookup);
	assert_in_range(lookup.table.layout.slot_mask + 1, 2 * PLACES, 64 * PLACES);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(look_up(&lookup, lookup.list.items[i].address), LIST_EITHER);
	clear(&lookup);
}

/* Prefixes of any kind, nested and repeated. */
static void a_million_random_prefixes(void **state)
{
	(void)state;
	compare(1000000, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families_are_apart),
		cmocka_unit_test(nested_prefixes_inherit_lists),
		cmocka_unit_test(duplicates_merge),
		cmocka_unit_test(every_length),
		cmocka_unit_test(few_random_prefixes),
		cmocka_unit_test(ten_thousand_random_prefixes),
		cmocka_unit_test(a_million_prefixes),
		cmocka_unit_test(prefixes_that_collide),
		cmocka_unit_test(a_million_random_prefixes),
		cmocka_unit_test(a_bucket_that_is_full),
		cmocka_unit_test(as_many_buckets_as_prefixes_need),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
