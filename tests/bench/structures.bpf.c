// SPDX-License-Identifier: Dual BSD/GPL
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "addresses.h"
#include "prefix_set.h"
#include "structures.h"

/* Each program looks up a random address in one of the structures that could hold a list of prefixes. */

enum {
	BPF_F_NO_PREALLOC = 1, /* <linux/bpf.h> */
	BPF_F_MMAPABLE = 1 << 10,
};

const volatile struct prefix_layout layout;

struct draw draw;

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct trie_key);
	__type(value, __u32);
} trie_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct hash_key);
	__type(value, __u32);
} hash_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct prefix_slot);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ipv4_bucket);
} buckets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} bloom SEC(".maps");

static __u64 state = 88172645463325252ull;

static __always_inline __u64 draw_address(void)
{
	return ADDRESS_MAPPED(nth_address(draw_number(&state, draw)));
}

SEC("tc")
int none(struct __sk_buff *skb)
{
	(void)skb;
	return draw_address() == 0;
}

SEC("tc")
int trie(struct __sk_buff *skb)
{
	struct trie_key key = {.bits = 128, .address = {0}};
	__u64 address = draw_address();

	(void)skb;
	__builtin_memcpy(key.address + 8, &address, sizeof(address));
	return bpf_map_lookup_elem(&trie_map, &key) != 0;
}

SEC("tc")
int hash(struct __sk_buff *skb)
{
	__u64 address = draw_address();

	(void)skb;
	for (__u32 i = 0; i < LENGTHS_MAX && i < layout.ipv4_length_count; i++) {
		__u32 host_bits = layout.ipv4_host_bits[i];
		__u32 network = SWAP32(ADDRESS_LAST(address)) >> host_bits << host_bits;
		struct hash_key key = {.address = {0, ADDRESS_MAPPED(SWAP32(network))}, .bits = 128 - host_bits};

		if (bpf_map_lookup_elem(&hash_map, &key))
			return 1;
	}
	return 0;
}

static __always_inline const struct prefix_slot *prefix_slot_at(const void *spec, __u32 index)
{
	(void)spec;
	return bpf_map_lookup_elem(&slots, &index);
}

static __always_inline const struct ipv4_bucket *ipv4_bucket_at(const void *spec, __u32 index)
{
	(void)spec;
	return bpf_map_lookup_elem(&buckets, &index);
}

static __always_inline __u64 prefix_bloom_at(const void *spec, __u32 index)
{
	const __u64 *word = bpf_map_lookup_elem(&bloom, &index);

	(void)spec;
	return word ? *word : 0;
}

__noinline int probe(__u64 first, __u64 second, __u32 bits, __u32 mask)
{
	return (int)prefix_probe(0, first, second, bits, mask);
}

static __always_inline int prefix_look_at(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 index)
{
	return prefix_look(spec, first, second, bits, index);
}

static __always_inline __u32 prefix_find(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 mask)
{
	(void)spec;
	return (__u32)probe(first, second, bits, mask);
}

__noinline int probe_ipv4(__u64 key, __u32 bucket_count)
{
	return ipv4_probe(0, key, bucket_count);
}

static __always_inline int ipv4_find(const void *spec, __u64 key, __u32 bucket_count)
{
	(void)spec;
	return probe_ipv4(key, bucket_count);
}

/* The structure that bpf/ uses. */
SEC("tc")
int table(struct __sk_buff *skb)
{
	(void)skb;
	return address_lists(&layout, 0, 0, draw_address()) != 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
