/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_MATCH_MAPS_H
#define BPFSNIFF_BPF_MATCH_MAPS_H

#include "maps.h"

#include "match.h"

/* What include/match.h asks for: the lists that an address or a port is in. */

__noinline int look(__u64 first, __u64 second, __u32 bits, __u32 index)
{
	return prefix_look(0, first, second, bits, index);
}

ALWAYS_INLINE int prefix_look_at(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 index)
{
	(void)spec;
	return look(first, second, bits, index);
}

__noinline int probe(__u64 first, __u64 second, __u32 bits, __u32 mask)
{
	return (int)prefix_probe(0, first, second, bits, mask);
}

ALWAYS_INLINE __u32 prefix_find(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 mask)
{
	(void)spec;
	return (__u32)probe(first, second, bits, mask);
}

__noinline int probe_ipv4(__u64 key, __u32 bucket_count)
{
	return ipv4_probe(0, key, bucket_count);
}

ALWAYS_INLINE int ipv4_find(const void *spec, __u64 key, __u32 bucket_count)
{
	(void)spec;
	return probe_ipv4(key, bucket_count);
}

ALWAYS_INLINE __u64 prefix_bloom_at(const void *spec, __u32 index)
{
	const __u64 *word = bpf_map_lookup_elem(&bs_bloom, &index);

	(void)spec;
	return word ? *word : 0;
}

/* Of the frame that this CPU is judging. */
__noinline int find_address_pair(void)
{
	const struct per_cpu *cpu = this_cpu();

	return cpu ? (int)address_pair_lists(&settings, 0, &cpu->scratch.dissection.key) : 0;
}

/*
 * In the kernel the spec is a set of maps; a constant in its place tells at compile time which program the judgement is
 * in. The look-up of addresses is nine tenths of the code, and a program that has it takes 4 ms longer to load: `match`
 * goes without.
 */
static const void *const without_hosts = (const void *)0, *const with_hosts = (const void *)1;

ALWAYS_INLINE __u32 address_pair_find(const volatile struct filter_config *config, const void *spec,
				      const struct flow_key *key)
{
	struct per_cpu *cpu = spec == with_hosts ? this_cpu() : 0;

	(void)config;
	if (!cpu)
		return 0;
	cpu->scratch.dissection.key = *key;
	return (__u32)find_address_pair();
}

ALWAYS_INLINE const struct prefix_slot *prefix_slot_at(const void *spec, __u32 index)
{
	(void)spec;
	return bpf_map_lookup_elem(&bs_prefixes, &index);
}

ALWAYS_INLINE const struct ipv4_bucket *ipv4_bucket_at(const void *spec, __u32 index)
{
	(void)spec;
	return bpf_map_lookup_elem(&bs_ipv4, &index);
}

ALWAYS_INLINE __u32 port_lists(const void *spec, __u16 port)
{
	(void)spec;
	return lists_of_port[port];
}

#endif
