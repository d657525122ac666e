/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PACKETS_H
#define BPFSNIFF_PACKETS_H

#include <stddef.h>
#include <stdint.h>

/* Packets as rows of a table: each macro is the bytes of one header, in network byte order. */

struct packet_bytes {
	const uint8_t *bytes;
	size_t length;
};

#define PACKET(...)                                                                    \
	{                                                                              \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
	}

#define U16(value) (uint8_t)((value) >> 8), (uint8_t)(value)
#define U32(value) U16((value) >> 16), U16((value)&0xffff)
#define U64(value) U32((value) >> 32), U32((value)&0xffffffff)

/* An Ethernet header with locally administered addresses; with a length instead of a type, LLC follows (IEEE 802.3). */
#define ETHERNET(ethertype) 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, U16(ethertype)

/* What follows the ethertype of a tag: the VLAN and the next ethertype. */
#define TAG(ethertype) 0, 10, U16(ethertype)

#define LABEL            0, 1, 0x40, 64 /* RFC 3032; more are to come */
#define LAST_LABEL       0, 1, 0x41, 64
#define PPPOE            PPPOE_OF(50)               /* of a PPP protocol number and UDP in IPv6 */
#define PPPOE_OF(length) 0x11, 0, 0, 1, U16(length) /* RFC 2516 */
#define SNAP(ethertype)  0xaa, 0xaa, 3, 0, 0, 0, U16(ethertype)

/* RFC 791. `payload` is the length of what follows. */
#define IPV4_OF(version_length, total, fragment, protocol, source, destination) \
	version_length, 0, U16(total), 0, 1, U16(fragment), 64, protocol, 0, 0, U32(source), U32(destination)
#define IPV4_FROM(source, destination, protocol, payload) \
	IPV4_OF(0x45, 20 + (payload), 0, protocol, source, destination)
#define IPV4_FRAGMENT(fragment, protocol, payload) IPV4_OF(0x45, 20 + (payload), fragment, protocol, HOST_A, HOST_B)
#define IPV4(protocol, payload)                    IPV4_FRAGMENT(0, protocol, payload)

/* RFC 8200. Addresses in two halves. */
#define IPV6_FROM(source_net, source, destination_net, destination, next, payload) \
	0x60, 0, 0, 0, U16(payload), next, 64, U64(source_net), U64(source), U64(destination_net), U64(destination)
#define IPV6(next, payload)         IPV6_FROM(NET6, 1ull, NET6, 2ull, next, payload)
#define EXTENSION(next)             next, 0, 1, 4, 0, 0, 0, 0
#define EXTENSION_24(next)          EXTENSION_OF(next, 2), U64(0ull), U64(0ull)
#define EXTENSION_OF(next, length)  next, length, 1, 4, 0, 0, 0, 0
#define FRAGMENT(next, offset_more) next, 0, U16(offset_more), 0, 0, 0, 1
#define AH_24(next)                 next, 4, 0, 0, U32(1u), U64(1ull), U64(0ull) /* RFC 4302: 4 + 2 words */

#define TCP(source, destination, flags) \
	U16(source), U16(destination), U32(1u), U32(2u), 0x50, flags, U16(1000), U16(0), U16(0)
#define UDP(source, destination) U16(source), U16(destination), U16(8), U16(0)

enum {
	HOST_A = 0x0a000001, /* 10.0.0.1 */
	HOST_B = 0x0a000102, /* 10.0.1.2 */
	LOCALHOST = 0x7f000001,
	MORE_FRAGMENTS = 0x2000,

	T_IPV4 = 0x0800,
	T_ARP = 0x0806,
	T_VLAN = 0x8100,
	T_IPV6 = 0x86dd,
	T_MPLS = 0x8847,
	T_PPPOE = 0x8864,

	P_HOP_BY_HOP = 0,
	P_ICMP = 1,
	P_TCP = 6,
	P_UDP = 17,
	P_ROUTING = 43,
	P_FRAGMENT = 44,
	P_ESP = 50,
	P_AH = 51,
	P_OPTIONS = 60,
	P_SCTP = 132,

	SYN = 0x02,
	ACK = 0x10,
};

#define NET6 0x20010db800000000ull /* 2001:db8:: */

/* The packets that most rows need. */
#define TCP4 ETHERNET(T_IPV4), IPV4(P_TCP, 20), TCP(40000, 80, SYN)
#define UDP4 ETHERNET(T_IPV4), IPV4(P_UDP, 8), UDP(5353, 53)
#define TCP6 ETHERNET(T_IPV6), IPV6(P_TCP, 20), TCP(40000, 80, SYN)
#define UDP6 ETHERNET(T_IPV6), IPV6(P_UDP, 8), UDP(5353, 53)
#define ARP  ETHERNET(T_ARP), 0, 1, 8, 0, 6, 4, 0, 1, U64(0ull), U64(0ull), U32(0u)

#endif
