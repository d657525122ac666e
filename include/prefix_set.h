/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PREFIX_SET_H
#define BPFSNIFF_PREFIX_SET_H

#include "byte_order.h"
#include "prefix_hash.h"

/*
 * The look-up in the prefix table. For each prefix length in use, from the longest, one probe: what a host costs does
 * not depend on how many there are. What is declared here and not defined, the includer defines.
 */

/* The slot at an index, NULL when there is none. */
static const struct prefix_slot *prefix_slot_at(const void *rules, __u32 index);

/* Calls of prefix_probe() and address_lists(): in the kernel functions of their own, which the verifier looks at once.
 */
static __u32 prefix_find(const void *rules, __u64 first, __u64 second, __u32 bits, __u32 mask);
static __u32 address_find(const volatile struct filter_config *config, const void *rules, __u64 first, __u64 second);

/* The lists that a prefix, in two halves, is in; 0 when it is in none. */
static inline __attribute__((always_inline)) __u32 prefix_probe(const void *rules, __u64 first, __u64 second,
								__u32 bits, __u32 mask)
{
	__u32 index = prefix_hash(first, second, bits);

	for (int i = 0; i < PREFIX_PROBES_MAX; i++, index++) {
		const struct prefix_slot *slot = prefix_slot_at(rules, index & mask);

		if (!slot || !slot->lists)
			return 0;
		if (slot->address[0] == first && slot->address[1] == second && slot->bits == bits)
			return slot->lists;
	}
	return 0;
}

/*
 * The lists that an address (two halves, network byte order) is in; bits of enum list. An IPv4 address is in no prefix
 * that is shorter than 96 bits: ::/0 means IPv6.
 */
static inline __attribute__((always_inline)) __u32 address_lists(const volatile struct filter_config *config,
								 const void *rules, __u64 first, __u64 second)
{
	const __u64 marker = WALK_HALF(0xffffffffu, 0);
	int ipv4 = !first && (second & marker) == WALK_MAPPED(0);

	/* For a loader without CAP_PERFMON the verifier follows every speculative path; in a rolled loop those are too
	 * many from eight lengths on. */
#ifdef __bpf__
#pragma clang loop unroll(full)
#endif
	for (__u32 i = 0; i < PREFIX_LENGTHS_MAX; i++) {
		const volatile struct prefix_length *length = &config->prefix_lengths[i];
		__u32 lists;

		if (i >= config->prefix_length_count || (ipv4 && length->bits < IPV4_PREFIX_BITS))
			break;
		lists = prefix_find(rules, first & length->mask[0], second & length->mask[1], length->bits,
				    config->prefix_mask);
		if (lists)
			return lists;
	}
	return 0;
}

#endif
