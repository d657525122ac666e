/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PREFIX_HASH_H
#define BPFSNIFF_PREFIX_HASH_H

#include "abi.h"

/* Finalizer of MurmurHash3 over both halves: every bit of the address reaches every bit of the place. */
static inline __attribute__((always_inline)) __u32 prefix_hash(__u64 first, __u64 second, __u32 bits)
{
	__u64 hash = (first * 0x9e3779b97f4a7c15ull) ^ second ^ ((__u64)bits << 56);

	hash ^= hash >> 33;
	hash *= 0xff51afd7ed558ccdull;
	hash ^= hash >> 33;
	hash *= 0xc4ceb9fe1a85ec53ull;
	return (__u32)(hash >> 32);
}

#endif
