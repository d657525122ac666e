/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PROTOCOLS_H
#define BPFSNIFF_PROTOCOLS_H

/* Numbers of the IEEE 802 and IANA registries that the dissection goes by. */

enum ethertype {
	ETHERTYPE_LLC = 4,        /* the kernel's own, for LLC behind a length (ETH_P_802_2) */
	ETHERTYPE_LLC_MAX = 1535, /* up to here the kernel takes it for a length (eth_proto_is_802_3()) */
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_MPLS = 0x8847,
	ETHERTYPE_MPLS_MULTICAST = 0x8848,
	ETHERTYPE_PPPOE_SESSION = 0x8864,
	ETHERTYPE_SERVICE_VLAN = 0x88a8,
	ETHERTYPE_OLD_VLAN = 0x9100,
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

#endif
