/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>

#include "filter/filter_spec.h"
#include "filter/offline_filter.h"

#include "input.h"
#include "kept_files.h"

/*
 * Any text as lists of addresses, ports, protocols and TCP flags, and as a file of addresses. The look-up of a filter
 * must find the prefixes that a plain search finds.
 */

enum { ADDRESSES = 5 };

static const enum list lists[] = {LIST_EITHER, LIST_SOURCE, LIST_DESTINATION, LIST_NOT};

static void add(struct filter_spec *spec, uint8_t kind, const char *text)
{
	enum list list = lists[kind / 8 % COUNT(lists)];
	struct filter_spec_error error = {.word = ""};

	switch (kind % 8) {
	case 0:
		kept_files_hold(text, strlen(text));
		filter_spec_add_host_file(spec, list, "hosts", &error);
		break;
	case 1:
		filter_spec_add_ports(spec, list, text, &error);
		break;
	case 2:
		filter_spec_add_protocols(spec, list, text, &error);
		break;
	case 3:
		filter_spec_add_tcp_flags(spec, list, text, &error);
		break;
	default:
		filter_spec_add_hosts(spec, list, text, &error);
		break;
	}
	must(strlen(error.word) < sizeof(error.word));
}

static bool is_mapped(const uint64_t address[2])
{
	static const uint8_t start[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(address, start, sizeof(start)) == 0;
}

/* The lists whose prefixes contain an address. No IPv6 prefix contains an IPv4 address. */
static uint32_t search(const struct prefix *prefixes, size_t count, const uint64_t address[2])
{
	uint32_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct prefix *prefix = &prefixes[i];
		uint64_t mask[2];

		prefix_mask(prefix->bits, mask);
		if (is_mapped(address) && prefix->bits < IPV4_PREFIX_BITS)
			continue;
		if ((address[0] & mask[0]) == prefix->address[0] && (address[1] & mask[1]) == prefix->address[1])
			found |= prefix->lists;
	}
	return found;
}

static void flip(uint64_t address[2], unsigned int bit)
{
	((uint8_t *)address)[bit / 8 % 16] ^= (uint8_t)(0x80 >> bit % 8);
}

/* Look up the first and the last address of a prefix, and addresses just outside and just inside. */
static void check_around(const struct offline_filter *offline, const struct prefix *prefixes, size_t count,
			 const struct prefix *prefix)
{
	uint64_t addresses[ADDRESSES][2], mask[2];

	prefix_mask(prefix->bits, mask);
	for (int i = 0; i < ADDRESSES; i++)
		memcpy(addresses[i], prefix->address, sizeof(addresses[i]));
	addresses[1][0] |= ~mask[0];
	addresses[1][1] |= ~mask[1];
	flip(addresses[2], prefix->bits ? prefix->bits - 1u : 0);
	flip(addresses[3], prefix->bits);
	flip(addresses[4], 127);
	for (int i = 0; i < ADDRESSES; i++)
		must(offline_filter_lists_of(offline, (const __u64 *)addresses[i]) ==
		     search(prefixes, count, addresses[i]));
}

static void check_lookup(struct filter_spec *spec)
{
	size_t count = spec->prefixes.count, size = count * sizeof(struct prefix);
	struct prefix *prefixes = malloc(size + 1); /* a copy, because building the table sorts them */
	struct offline_filter offline;

	must(prefixes);
	if (count)
		memcpy(prefixes, spec->prefixes.items, size);
	must(filter_spec_finish(spec) == 0);
	must(offline_filter_init(&offline, spec, NULL) == 0);
	for (size_t i = 0; i < count; i++)
		check_around(&offline, prefixes, count, &prefixes[i]);
	offline_filter_release(&offline);
	free(prefixes);
}

/* The input, repeated: a byte for the kind of list, one for the length of the text, and the text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct filter_spec spec;
	struct input input = {bytes, size};

	filter_spec_init(&spec);
	while (input.left > 0) {
		uint8_t kind = (uint8_t)take(&input, 1);
		uint8_t wanted = (uint8_t)take(&input, 1);
		const uint8_t *text;
		size_t length = take_bytes(&input, wanted, &text);
		char *copy = strndup((const char *)text, length);

		must(copy);
		add(&spec, kind, copy);
		free(copy);
	}
	check_lookup(&spec);
	filter_spec_release(&spec);
	return 0;
}
