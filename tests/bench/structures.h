/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BENCH_STRUCTURES_H
#define BPFSNIFF_BENCH_STRUCTURES_H

#include "abi.h"

/* Keys of the compared structures, with addresses in network byte order and IPv4 mapped into IPv6. */

enum { LENGTHS_MAX = 8 };

struct trie_key {
	__u32 bits;
	__u8 address[16];
};

struct hash_key {
	__u64 address[2];
	__u32 bits;
	__u32 padding;
};

#endif
