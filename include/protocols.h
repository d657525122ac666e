/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PROTOCOLS_H
#define BPFSNIFF_PROTOCOLS_H

#include "compiler.h"

#ifndef __bpf__
#include <linux/types.h>
#endif

/* Numbers of the IEEE 802 and IANA registries by which headers are followed, and what they mean. */

/* An Ethernet header (IEEE 802.3, 3.1.1). */
enum {
	ETHERNET_TYPE = 12, /* offset of the type or length */
	ETHERNET_HEADER = 14,
};

enum ethertype {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_MPLS = 0x8847,
	ETHERTYPE_MPLS_MULTICAST = 0x8848,
	ETHERTYPE_PPPOE_SESSION = 0x8864,
	ETHERTYPE_SERVICE_VLAN = 0x88a8,
	ETHERTYPE_OLD_VLAN = 0x9100,
};

enum {
	LLC_SNAP_HEADER = 8,
	PPPOE_HEADER = 6,
	PPPOE_SESSION_DATA = 0x1100, /* version 1, type 1, code 0 (RFC 2516, 4) */
	COOKED_HEADER = 16,          /* Linux cooked capture (tcpdump.org/linktypes, LINKTYPE_LINUX_SLL) */
	COOKED2_HEADER = 20,         /* version 2, LINKTYPE_LINUX_SLL2 */
};

/* Headers without options, in bytes (RFC 791, 3.1; RFC 8200, 3; RFC 9293, 3.1; RFC 768). */
enum {
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	TCP_HEADER = 20,
	UDP_HEADER = 8,
};

enum ip_protocol {
	PROTOCOL_HOP_BY_HOP = 0,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_DCCP = 33,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_AH = 51,
	PROTOCOL_DESTINATION_OPTIONS = 60,
	PROTOCOL_SCTP = 132,
	PROTOCOL_UDPLITE = 136,
};

/* Is the type field of a frame or a tag a length, with LLC behind it? IEEE 802.3, 3.2.6 leaves 1501 to 1535 undefined;
 * the kernel takes them for lengths (eth_proto_is_802_3() in <linux/etherdevice.h>). */
ALWAYS_INLINE int is_length(__u16 type)
{
	return type < 1536;
}

ALWAYS_INLINE int is_vlan(__u16 ethertype)
{
	return ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_SERVICE_VLAN || ethertype == ETHERTYPE_OLD_VLAN;
}

ALWAYS_INLINE int is_ip(__u16 ethertype)
{
	return ethertype == ETHERTYPE_IPV4 || ethertype == ETHERTYPE_IPV6;
}

/* LLC for SNAP (RFC 1042): the first three bytes. */
ALWAYS_INLINE int is_llc_snap(const __u8 header[3])
{
	return header[0] == 0xaa && header[1] == 0xaa && header[2] == 0x03;
}

/* LLC and SNAP headers that carry an ethertype (RFC 1042): the organisation is zero. */
ALWAYS_INLINE int is_llc_ethernet(const __u8 header[LLC_SNAP_HEADER])
{
	return is_llc_snap(header) && !header[3] && !header[4] && !header[5];
}

/* That ethertype; 0: a number that is none. */
ALWAYS_INLINE __u16 llc_ethertype(const __u8 header[LLC_SNAP_HEADER])
{
	__u16 type = (__u16)(header[6] << 8 | header[7]);

	return is_length(type) ? 0 : type;
}

/* RFC 1661, 2: the first byte of a PPP protocol number is left out when it is zero and the peer agreed to that. The
 * last byte is odd, all others are even. */
ALWAYS_INLINE int is_ppp_protocol_short(__u8 first)
{
	return first & 1;
}

/* A PPP protocol number as an ethertype; 0: nothing that is followed. */
ALWAYS_INLINE __u16 ppp_ethertype(__u16 protocol)
{
	switch (protocol) {
	case 0x0021: /* RFC 1332, 2 */
		return ETHERTYPE_IPV4;
	case 0x0057: /* RFC 5072, 2 */
		return ETHERTYPE_IPV6;
	case 0x0281: /* RFC 3032, 4.3 */
		return ETHERTYPE_MPLS;
	case 0x0283:
		return ETHERTYPE_MPLS_MULTICAST;
	default:
		return 0;
	}
}

#endif
