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
 * A blocked Bloom filter (Putze, Sanders, Singler, 2007): two bits in one word for each prefix. It is small enough for
 * the cache where the table is not, and says of most addresses that they are not there. The place in the table takes
 * the lower bits of the hash, the word the next, the bits in it the topmost.
 */
ALWAYS_INLINE __u32 bloom_word(__u64 hash)
{
	return (__u32)(hash >> 32);
}

ALWAYS_INLINE __u64 bloom_bits(__u64 hash)
{
	return 1ull << (hash >> 58) | 1ull << (hash >> 52 & 63);
}

#endif
