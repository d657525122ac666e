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

	return index < table->slot_count ? &table->slots[index] : NULL;
}

static __u64 prefix_bloom_at(const void *spec, uint32_t index)
{
	const struct prefix_table *table = spec;

	return index < table->bloom_count ? table->bloom[index] : 0;
}

/* A list, its table, and the configuration that the look-up reads. */
struct lookup {
	struct prefix_list list;
	struct prefix_table table;
	struct filter_config config;
};

static void build(struct lookup *lookup)
{
	assert_int_equal(prefix_table_build(&lookup->list, &lookup->table), 0);
	lookup->config.prefix_mask = lookup->table.slot_count - 1;
	lookup->config.bloom_mask = lookup->table.bloom_count - 1;
	lookup->config.prefix_length_count = lookup->table.length_count;
	memcpy(lookup->config.prefix_lengths, lookup->table.lengths, sizeof(lookup->table.lengths));
}

static void clear(struct lookup *lookup)
{
	prefix_table_release(&lookup->table);
	prefix_list_release(&lookup->list);
}

static uint32_t look_up(const struct lookup *lookup, const uint64_t address[2])
{
	return address_lists(&lookup->config, &lookup->table, address[0], address[1]);
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
	assert_int_equal(lookup.table.length_count, 2);
	assert_int_equal(lookup.table.lengths[0].bits, 128);
	assert_int_equal(lookup.table.lengths[1].bits, 104);
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
	assert_int_equal(lookup.table.length_count, PREFIX_LENGTHS_MAX);
	for (unsigned int bits = 0; bits < PREFIX_LENGTHS_MAX; bits++) {
		assert_int_equal(lookup.table.lengths[bits].bits, 128 - bits);
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
	assert_int_equal(lookup.table.slot_count, 1 << 21);
	for (uint32_t i = 0; i < COUNT; i++) {
		uint64_t address[2] = {__builtin_bswap64(0x20010db800000000u + i), 0};

		assert_int_equal(look_up(&lookup, address), 1 << i % 4);
		address[1] = __builtin_bswap64(1);
		assert_int_equal(look_up(&lookup, address), i % 2 ? 0 : 1 << i % 4);
	}
	for (uint32_t i = 0; i < lookup.table.slot_count; i++)
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
	assert_in_range(lookup.table.slot_count, 2 * PLACES, 64 * PLACES);
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
		cmocka_unit_test(families_are_apart),        cmocka_unit_test(nested_prefixes_inherit_lists),
		cmocka_unit_test(duplicates_merge),          cmocka_unit_test(every_length),
		cmocka_unit_test(few_random_prefixes),       cmocka_unit_test(ten_thousand_random_prefixes),
		cmocka_unit_test(a_million_prefixes),        cmocka_unit_test(prefixes_that_collide),
		cmocka_unit_test(a_million_random_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
