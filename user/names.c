/* SPDX-License-Identifier: BSD-2-Clause */
#include "names.h"

#include <stddef.h>

#include "text.h"

static const char *const protocols[256] = {
	[1] = "ICMP",     [2] = "IGMP",       [4] = "IPv4",     [6] = "TCP",        [17] = "UDP",
	[33] = "DCCP",    [41] = "IPv6",      [46] = "RSVP",    [47] = "GRE",       [50] = "ESP",
	[51] = "AH",      [58] = "ICMPv6",    [88] = "EIGRP",   [89] = "OSPF",      [94] = "IPIP",
	[97] = "EtherIP", [103] = "PIM",      [108] = "IPComp", [112] = "VRRP",     [115] = "L2TPv3",
	[132] = "SCTP",   [136] = "UDP-Lite", [137] = "MPLS",   [143] = "Ethernet", [59] = "no next header",
};

static const char *const extensions[256] = {
	[0] = "hop-by-hop",           [43] = "routing",   [44] = "fragment", [51] = "AH",
	[60] = "destination options", [135] = "mobility", [139] = "HIP",     [140] = "shim6",
};

const char *name_protocol(uint8_t protocol)
{
	return protocols[protocol] ? protocols[protocol] : extensions[protocol];
}

const char *name_extension(uint8_t protocol)
{
	return extensions[protocol];
}

struct numbered {
	uint16_t number;
	const char *name;
};

static const struct numbered ethertypes[] = {
	{0x0800, "IPv4"},
	{0x86dd, "IPv6"},
	{0x0806, "ARP"},
	{0x8035, "RARP"},
	{0x88cc, "LLDP"},
	{0x888e, "EAPOL"},
	{0x8863, "PPPoE discovery"},
	{0x8864, "PPPoE"},
	{0x8847, "MPLS"},
	{0x8848, "MPLS multicast"},
	{0x8100, "802.1Q"},
	{0x88a8, "802.1ad"},
	{0x88e5, "MACsec"},
	{0x88f7, "PTP"},
	{0x8809, "slow protocols"},
	{0x8808, "flow control"},
	{0x9000, "loopback"},
	{0x8902, "CFM"},
	{0x8906, "FCoE"},
	{0x8914, "FIP"},
	{0x8137, "IPX"},
	{0x809b, "AppleTalk"},
	{0x0842, "wake-on-LAN"},
};

static const struct numbered link_types[] = {
	{LINK_ETHERNET, "ethernet"},
	{LINK_NULL, "null"},
	{LINK_LOOP, "loop"},
	{LINK_RAW, "raw"},
	{LINK_RAW_BSD, "raw"},
	{LINK_RAW_OPENBSD, "raw"},
	{LINK_IPV4, "raw"},
	{LINK_IPV6, "raw"},
	{LINK_PPP, "ppp"},
	{LINK_PPP_HDLC, "ppp"},
	{LINK_PPP_WITH_DIR, "ppp"},
	{LINK_PPPOE, "pppoe"},
	{LINK_CHDLC, "chdlc"},
	{LINK_LINUX_SLL, "sll"},
	{LINK_LINUX_SLL2, "sll2"},
	{LINK_IEEE802_11, "ieee802.11"},
	{LINK_IEEE802_11_PRISM, "ieee802.11"},
	{LINK_IEEE802_11_RADIOTAP, "ieee802.11"},
};

static const char *find(const struct numbered *table, size_t count, uint16_t number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

const char *name_ethertype(uint16_t ethertype)
{
	return find(ethertypes, sizeof(ethertypes) / sizeof(ethertypes[0]), ethertype);
}

const char *name_link_type(uint16_t link_type)
{
	return find(link_types, sizeof(link_types) / sizeof(link_types[0]), link_type);
}

const char *name_checksum_status(enum checksum_status status)
{
	static const char *const names[] = {
		[CHECKSUM_GOOD] = "good",
		[CHECKSUM_BAD] = "bad",
		[CHECKSUM_OFFLOADED] = "offloaded",
		[CHECKSUM_ABSENT] = "absent",
		[CHECKSUM_UNVERIFIED] = "unverified",
	};

	return names[status];
}

const char *name_direction(enum direction direction)
{
	static const char *const names[] = {[DIRECTION_IN] = "in", [DIRECTION_OUT] = "out"};

	return names[direction];
}

const char *name_layer(enum layer layer)
{
	static const char *const names[] = {
		[LAYER_LINK] = "link", [LAYER_IP] = "ip", [LAYER_TCP] = "tcp", [LAYER_UDP] = "udp"};

	return names[layer];
}

/* The names of the bits that are set, from the low one on. */
static char *bit_names(char *at, const char *const *names, unsigned int bits, const char *quote)
{
	for (const char *separator = ""; bits; bits &= bits - 1, separator = ",") {
		at = text_string(text_string(at, separator), quote);
		at = text_string(text_string(at, names[__builtin_ctz(bits)]), quote);
	}
	return at;
}

char *name_tcp_flags(char *at, uint16_t flags, const char *quote)
{
	static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"};

	return bit_names(at, names, flags & 0x1ff, quote);
}

char *name_ip_flags(char *at, const struct ip_header *ip, const char *quote)
{
	static const char *const names[] = {"reserved", "DF", "MF"};
	unsigned int bits =
		(unsigned int)ip->reserved_flag | ip->dont_fragment << 1 | (unsigned int)ip->more_fragments << 2;

	return bit_names(at, names, bits, quote);
}
