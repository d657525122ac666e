/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BENCH_ADDRESSES_H
#define BPFSNIFF_BENCH_ADDRESSES_H

#include "abi.h"
#include "byte_order.h"

#define ADDRESSES 0x80000000u

/*
 * The n-th of ADDRESSES IPv4 addresses, in network byte order. All are different, because the factor is odd, in no
 * order, and none is a loopback address. A list of N prefixes consists of the first N addresses.
 */
static inline __u32 nth_address(__u32 n)
{
	return SWAP32(n * 2654435761u | 0x80000000u);
}

/* The range of numbers to draw from. */
struct draw {
	__u32 first, count;
};

/* Draw a number at random, with xorshift64 (Marsaglia, 2003). */
static inline __u32 draw_number(__u64 *state, struct draw draw)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return draw.first + (__u32)((*state >> 32) * draw.count >> 32);
}

#endif
