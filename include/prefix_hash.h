/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PREFIX_HASH_H
#define BPFSNIFF_PREFIX_HASH_H

#include "abi.h"
#include "compiler.h"

/* Finalizer of MurmurHash3 over both halves: every bit of the address reaches every bit of the hash. */
ALWAYS_INLINE __u64 prefix_hash(__u64 first, __u64 second, __u32 bits)
{
	__u64 hash = (first * 0x9e3779b97f4a7c15ull) ^ second ^ ((__u64)bits << 56);

	hash ^= hash >> 33;
	hash *= 0xff51afd7ed558ccdull;
	hash ^= hash >> 33;
	hash *= 0xc4ceb9fe1a85ec53ull;
	return hash ^ hash >> 32;
}

/*
 * An IPv4 prefix as a number of its own below 2^33: its bits, a 1, and zeros. Then shuffled, so that prefixes with
 * equal gaps do not crowd; each step has an inverse, so that different prefixes stay different. Host bits do not
 * matter.
 */
enum {
	IPV4_KEY_BITS = 33,
	IPV4_TAG_BITS = 20, /* of a key in a slot */
	IPV4_BUCKETS_MIN = 1 << (IPV4_KEY_BITS - IPV4_TAG_BITS),
};

ALWAYS_INLINE __u64 ipv4_key(__u32 address, __u32 host_bits)
{
	const __u64 mask = (1ull << IPV4_KEY_BITS) - 1;
	__u64 key = ((__u64)address >> host_bits << 1 | 1) << host_bits;

	key = key * 0x9e3779b97f4a7c15ull & mask;
	key ^= key >> 16;
	return key * 0xff51afd7ed558ccdull & mask;
}

/* The bucket of a key (Lemire, 2019). Its keys are at most 2^20 in succession, so that their lowest 20 bits tell them
 * apart. A slot has 16 of these, and 4 above the lists. */
ALWAYS_INLINE __u32 ipv4_bucket_of(__u64 key, __u32 bucket_count)
{
	return (__u32)(key * bucket_count >> IPV4_KEY_BITS);
}

ALWAYS_INLINE __u16 ipv4_tag_high(__u64 key)
{
	return (__u16)(key >> 4);
}

ALWAYS_INLINE __u8 ipv4_tag_low(__u64 key)
{
	return (__u8)(key << LIST_BITS);
}

ALWAYS_INLINE __u64 ipv4_hash(__u64 key)
{
	return key * 0x9e3779b97f4a7c15ull;
}

/*
 * A blocked Bloom filter (Putze, Sanders, Singler, 2007): three bits in one word for each prefix. It is small enough
 * for the cache where the table is not, and says of most addresses that they are not there. The place in the table
 * takes the lower bits of the hash, the word the next, the bits in it the topmost and some between.
 */
ALWAYS_INLINE __u32 bloom_word(__u64 hash)
{
	return (__u32)(hash >> 32);
}

ALWAYS_INLINE __u64 bloom_bits(__u64 hash)
{
	return 1ull << (hash >> 58) | 1ull << (hash >> 52 & 63) | 1ull << (hash >> 26 & 63);
}

#endif
