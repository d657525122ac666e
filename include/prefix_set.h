/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PREFIX_SET_H
#define BPFSNIFF_PREFIX_SET_H

#include "byte_order.h"
#include "calls.h"
#include "compiler.h"
#include "prefix_hash.h"

/*
 * The look-up in the prefix table. For each prefix length in use, from the longest, the Bloom filter is asked, and then
 * the table: what a host costs does not depend on how many there are. The includer defines the
 * functions that are only declared here.
 */

/* The slot at an index, NULL when there is none. */
static const struct prefix_slot *prefix_slot_at(const void *spec, __u32 index);

/* A word of the Bloom filter, 0 when there is none. */
static __u64 prefix_bloom_at(const void *spec, __u32 index);

/* The lists of a prefix (two halves) by one slot: 0 when it is in none, -1 when the slot has another prefix. */
ALWAYS_INLINE int prefix_look(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 index)
{
	const struct prefix_slot *slot = prefix_slot_at(spec, index);

	if (!slot || !slot->lists)
		return 0;
	return slot->address[0] == first && slot->address[1] == second && slot->bits == bits ? (int)slot->lists : -1;
}

/* The lists that a prefix is in; 0 when it is in none. */
ALWAYS_INLINE __u32 prefix_probe(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 mask)
{
	__u32 index = (__u32)prefix_hash(first, second, bits);

	UNROLL
	for (int i = 0; i < PREFIX_PROBES_MAX; i++, index++) {
		int lists = prefix_look_at(spec, first, second, bits, index & mask);

		if (lists >= 0)
			return (__u32)lists;
	}
	return 0;
}

/* False when it is certain that the prefix is not in the table. */
ALWAYS_INLINE int prefix_is_likely(const volatile struct filter_config *config, const void *spec, __u64 first,
				   __u64 second, __u32 bits)
{
	__u64 hash = prefix_hash(first, second, bits), wanted = bloom_bits(hash);

	return (prefix_bloom_at(spec, bloom_word(hash) & config->bloom_mask) & wanted) == wanted;
}

/*
 * The lists that an address (two halves, network byte order) is in; bits of enum list. An IPv4 address is in no prefix
 * that is shorter than 96 bits: ::/0 means IPv6.
 */
ALWAYS_INLINE __u32 address_lists(const volatile struct filter_config *config, const void *spec, __u64 first,
				  __u64 second)
{
	const __u64 marker = ADDRESS_HALF(0xffffffffu, 0);
	int ipv4 = !first && (second & marker) == ADDRESS_MAPPED(0);

	UNROLL
	for (__u32 i = 0; i < PREFIX_LENGTHS_MAX; i++) {
		const volatile struct prefix_length *length = &config->prefix_lengths[i];
		__u64 network[2];
		__u32 lists;

		if (i >= config->prefix_length_count || (ipv4 && length->bits < IPV4_PREFIX_BITS))
			break;
		network[0] = first & length->mask[0];
		network[1] = second & length->mask[1];
		if (!prefix_is_likely(config, spec, network[0], network[1], length->bits))
			continue;
		lists = prefix_find(spec, network[0], network[1], length->bits, config->prefix_mask);
		if (lists)
			return lists;
	}
	return 0;
}

#endif
