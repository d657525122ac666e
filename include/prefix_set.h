/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PREFIX_SET_H
#define BPFSNIFF_PREFIX_SET_H

#include "byte_order.h"
#include "calls.h"
#include "compiler.h"
#include "prefix_hash.h"

/*
 * The look-up in the set of prefixes. For each prefix length in use, from the longest, the Bloom filter is asked, and
 * then the table: what a host costs does not depend on how many there are, as long as they fit into the cache. The
 * includer defines the functions that are only declared here.
 */

/* The slot at an index, NULL when there is none. */
static const struct prefix_slot *prefix_slot_at(const void *spec, __u32 index);

/* Likewise a bucket of IPv4. */
static const struct ipv4_bucket *ipv4_bucket_at(const void *spec, __u32 index);

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

/* The lists that an IPv4 prefix is in, by its key: 0 when it is in none, -1 when its bucket is full of others. */
ALWAYS_INLINE int ipv4_probe(const void *spec, __u64 key, __u32 bucket_count)
{
	const struct ipv4_bucket *bucket = ipv4_bucket_at(spec, ipv4_bucket_of(key, bucket_count));
	__u32 low = ipv4_tag_low(key), high = ipv4_tag_high(key);

	if (!bucket)
		return 0;
	UNROLL
	for (int i = 0; i < IPV4_BUCKET_SLOTS; i++) {
		__u32 lists = bucket->low[i] ^ low;

		if (bucket->high[i] == high && lists < 1 << LIST_BITS)
			return (int)lists;
	}
	return bucket->low[IPV4_BUCKET_SLOTS - 1] ? -1 : 0;
}

/* The second half of the address of an IPv4 prefix. */
ALWAYS_INLINE __u64 ipv4_network(__u32 address, __u32 host_bits)
{
	__u32 network = (__u32)((__u64)address >> host_bits << host_bits);

	return ADDRESS_MAPPED(SWAP32(network));
}

/* False when it is certain that the prefix with this hash is not in the set. */
ALWAYS_INLINE int prefix_is_likely(const volatile struct prefix_layout *layout, const void *spec, __u64 hash)
{
	__u64 wanted = bloom_bits(hash);

	return (prefix_bloom_at(spec, bloom_word(hash) & layout->bloom_mask) & wanted) == wanted;
}

/* The lists that an IPv4 address is in. No prefix that is shorter than 96 bits is asked for: ::/0 means IPv6. */
ALWAYS_INLINE __u32 ipv4_lists(const volatile struct prefix_layout *layout, const void *spec, __u32 address)
{
	UNROLL
	for (__u32 i = 0; i < IPV4_LENGTHS_MAX; i++) {
		__u32 host_bits = layout->ipv4_host_bits[i];
		__u64 key;
		int lists;

		if (i >= layout->ipv4_length_count)
			break;
		key = ipv4_key(address, host_bits);
		if (!prefix_is_likely(layout, spec, ipv4_hash(key)))
			continue;
		lists = layout->bucket_count ? ipv4_find(spec, key, layout->bucket_count) : -1;
		if (lists < 0)
			lists = (int)prefix_find(spec, 0, ipv4_network(address, host_bits), 128 - host_bits,
						 layout->slot_mask);
		if (lists)
			return (__u32)lists;
	}
	return 0;
}

/* The lists that an IPv6 address (two halves, network byte order) is in. */
ALWAYS_INLINE __u32 ipv6_lists(const volatile struct prefix_layout *layout, const void *spec, __u64 first, __u64 second)
{
	UNROLL
	for (__u32 i = 0; i < PREFIX_LENGTHS_MAX; i++) {
		const volatile struct prefix_length *length = &layout->lengths[i];
		__u64 network[2];
		__u32 lists;

		if (i >= layout->length_count)
			break;
		network[0] = first & length->mask[0];
		network[1] = second & length->mask[1];
		if (!prefix_is_likely(layout, spec, prefix_hash(network[0], network[1], length->bits)))
			continue;
		lists = prefix_find(spec, network[0], network[1], length->bits, layout->slot_mask);
		if (lists)
			return lists;
	}
	return 0;
}

/* The lists that an address is in, an IPv4 address mapped into IPv6; bits of enum list. */
ALWAYS_INLINE __u32 address_lists(const volatile struct prefix_layout *layout, const void *spec, __u64 first,
				  __u64 second)
{
	const __u64 marker = ADDRESS_HALF(0xffffffffu, 0);

	if (!first && (second & marker) == ADDRESS_MAPPED(0))
		return ipv4_lists(layout, spec, SWAP32(ADDRESS_LAST(second)));
	return ipv6_lists(layout, spec, first, second);
}

#endif
