/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BYTE_ORDER_H
#define BPFSNIFF_BYTE_ORDER_H

/* Network to host byte order; half an address from two words in the order of memory, and the last of them. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SWAP16(value)               __builtin_bswap16(value)
#define SWAP32(value)               __builtin_bswap32(value)
#define ADDRESS_HALF(first, second) ((__u64)(second) << 32 | (first))
#define ADDRESS_LAST(half)          ((__u32)((half) >> 32))
#else
#define SWAP16(value)               (value)
#define SWAP32(value)               (value)
#define ADDRESS_HALF(first, second) ((__u64)(first) << 32 | (second))
#define ADDRESS_LAST(half)          ((__u32)(half))
#endif

/* The second half of an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2). */
#define ADDRESS_MAPPED(address) ADDRESS_HALF(SWAP32(0xffffu), address)

#endif
