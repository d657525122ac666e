/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet/protocol_names.h"

#include <stddef.h>

#include "protocols.h"

static const struct text_word protocols[256] = {
	[1] = TEXT_WORD("ICMP"),
	[2] = TEXT_WORD("IGMP"),
	[4] = TEXT_WORD("IPv4"),
	[6] = TEXT_WORD("TCP"),
	[17] = TEXT_WORD("UDP"),
	[33] = TEXT_WORD("DCCP"),
	[41] = TEXT_WORD("IPv6"),
	[46] = TEXT_WORD("RSVP"),
	[47] = TEXT_WORD("GRE"),
	[50] = TEXT_WORD("ESP"),
	[51] = TEXT_WORD("AH"),
	[58] = TEXT_WORD("ICMPv6"),
	[59] = TEXT_WORD("no next header"),
	[88] = TEXT_WORD("EIGRP"),
	[89] = TEXT_WORD("OSPF"),
	[94] = TEXT_WORD("IPIP"),
	[97] = TEXT_WORD("EtherIP"),
	[103] = TEXT_WORD("PIM"),
	[108] = TEXT_WORD("IPComp"),
	[112] = TEXT_WORD("VRRP"),
	[115] = TEXT_WORD("L2TPv3"),
	[132] = TEXT_WORD("SCTP"),
	[136] = TEXT_WORD("UDP-Lite"),
	[137] = TEXT_WORD("MPLS"),
	[143] = TEXT_WORD("Ethernet"),
};

static const struct text_word extensions[256] = {
	[0] = TEXT_WORD("hop-by-hop"),
	[43] = TEXT_WORD("routing"),
	[44] = TEXT_WORD("fragment"),
	[51] = TEXT_WORD("AH"),
	[60] = TEXT_WORD("destination options"),
	[135] = TEXT_WORD("mobility"),
	[139] = TEXT_WORD("HIP"),
	[140] = TEXT_WORD("shim6"),
};

const struct text_word *name_extension(uint8_t protocol)
{
	return extensions[protocol].length ? &extensions[protocol] : NULL;
}

const struct text_word *name_protocol(uint8_t protocol)
{
	return protocols[protocol].length ? &protocols[protocol] : name_extension(protocol);
}

struct numbered {
	uint16_t number;
	struct text_word name;
};

static const struct numbered ethertypes[] = {
	{ETHERTYPE_IPV4, TEXT_WORD("IPv4")},
	{ETHERTYPE_IPV6, TEXT_WORD("IPv6")},
	{0x0806, TEXT_WORD("ARP")},
	{0x8035, TEXT_WORD("RARP")},
	{0x88cc, TEXT_WORD("LLDP")},
	{0x888e, TEXT_WORD("EAPOL")},
	{0x8863, TEXT_WORD("PPPoE discovery")},
	{ETHERTYPE_PPPOE_SESSION, TEXT_WORD("PPPoE")},
	{ETHERTYPE_MPLS, TEXT_WORD("MPLS")},
	{ETHERTYPE_MPLS_MULTICAST, TEXT_WORD("MPLS multicast")},
	{ETHERTYPE_VLAN, TEXT_WORD("802.1Q")},
	{ETHERTYPE_SERVICE_VLAN, TEXT_WORD("802.1ad")},
	{0x88e5, TEXT_WORD("MACsec")},
	{0x88f7, TEXT_WORD("PTP")},
	{0x8809, TEXT_WORD("slow protocols")},
	{0x8808, TEXT_WORD("flow control")},
	{0x9000, TEXT_WORD("loopback")},
	{0x8902, TEXT_WORD("CFM")},
	{0x8906, TEXT_WORD("FCoE")},
	{0x8914, TEXT_WORD("FIP")},
	{0x8137, TEXT_WORD("IPX")},
	{0x809b, TEXT_WORD("AppleTalk")},
	{0x0842, TEXT_WORD("wake-on-LAN")},
};

static const struct numbered link_types[] = {
	{LINK_ETHERNET, TEXT_WORD("ethernet")},
	{LINK_NULL, TEXT_WORD("null")},
	{LINK_LOOP, TEXT_WORD("loop")},
	{LINK_RAW, TEXT_WORD("raw")},
	{LINK_RAW_BSD, TEXT_WORD("raw")},
	{LINK_RAW_OPENBSD, TEXT_WORD("raw")},
	{LINK_IPV4, TEXT_WORD("raw")},
	{LINK_IPV6, TEXT_WORD("raw")},
	{LINK_PPP, TEXT_WORD("ppp")},
	{LINK_PPP_HDLC, TEXT_WORD("ppp")},
	{LINK_PPP_WITH_DIR, TEXT_WORD("ppp")},
	{LINK_PPPOE, TEXT_WORD("pppoe")},
	{LINK_CHDLC, TEXT_WORD("chdlc")},
	{LINK_LINUX_SLL, TEXT_WORD("sll")},
	{LINK_LINUX_SLL2, TEXT_WORD("sll2")},
	{LINK_IEEE802_11, TEXT_WORD("ieee802.11")},
	{LINK_IEEE802_11_PRISM, TEXT_WORD("ieee802.11")},
	{LINK_IEEE802_11_RADIOTAP, TEXT_WORD("ieee802.11")},
	{LINK_PPP_PPPD, TEXT_WORD("ppp")},
	{LINK_CHDLC_WITH_DIR, TEXT_WORD("chdlc")},
	{LINK_FRELAY, TEXT_WORD("frame-relay")},
	{LINK_FRELAY_WITH_DIR, TEXT_WORD("frame-relay")},
	{LINK_TOKEN_RING, TEXT_WORD("token-ring")},
	{LINK_FDDI, TEXT_WORD("fddi")},
	{LINK_DSA_TAG_BRCM, TEXT_WORD("dsa")},
	{LINK_DSA_TAG_BRCM_PREPEND, TEXT_WORD("dsa")},
	{LINK_DSA_TAG_DSA, TEXT_WORD("dsa")},
	{LINK_DSA_TAG_EDSA, TEXT_WORD("dsa")},
	{LINK_NFLOG, TEXT_WORD("nflog")},
	{LINK_PKTAP, TEXT_WORD("pktap")},
	{LINK_PPI, TEXT_WORD("ppi")},
};

static const struct text_word *find(const struct numbered *table, size_t count, uint16_t number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return &table[i].name;
	return NULL;
}

const struct text_word *name_ethertype(uint16_t ethertype)
{
	return find(ethertypes, sizeof(ethertypes) / sizeof(ethertypes[0]), ethertype);
}

const struct text_word *name_link_type(uint16_t link_type)
{
	return find(link_types, sizeof(link_types) / sizeof(link_types[0]), link_type);
}

const struct text_word *name_checksum_status(enum checksum_status status)
{
	static const struct text_word names[] = {
		[CHECKSUM_GOOD] = TEXT_WORD("good"),
		[CHECKSUM_BAD] = TEXT_WORD("bad"),
		[CHECKSUM_OFFLOADED] = TEXT_WORD("offloaded"),
		[CHECKSUM_ABSENT] = TEXT_WORD("absent"),
		[CHECKSUM_UNVERIFIED] = TEXT_WORD("unverified"),
	};

	return &names[status];
}

const struct text_word *name_direction(enum direction direction)
{
	static const struct text_word names[] = {[DIRECTION_IN] = TEXT_WORD("in"), [DIRECTION_OUT] = TEXT_WORD("out")};

	return direction == DIRECTION_UNKNOWN ? NULL : &names[direction];
}

const struct text_word *name_layer(enum layer layer)
{
	static const struct text_word names[] = {[LAYER_LINK] = TEXT_WORD("link"),
						 [LAYER_IP] = TEXT_WORD("ip"),
						 [LAYER_TCP] = TEXT_WORD("tcp"),
						 [LAYER_UDP] = TEXT_WORD("udp")};

	return layer == LAYER_NONE ? NULL : &names[layer];
}

/* The names of the bits that are set, from the low one on. */
static char *bit_names(char *at, const struct text_word *names, unsigned int bits, bool quoted)
{
	if (!bits)
		return at;
	for (; bits; bits &= bits - 1) {
		*at = '"';
		at = text_word(at + quoted, &names[__builtin_ctz(bits)]);
		*at = '"';
		at += quoted;
		*at++ = ',';
	}
	return at - 1;
}

char *name_tcp_flags(char *at, uint16_t flags, bool quoted)
{
	static const struct text_word names[] = {TEXT_WORD("FIN"), TEXT_WORD("SYN"), TEXT_WORD("RST"),
						 TEXT_WORD("PSH"), TEXT_WORD("ACK"), TEXT_WORD("URG"),
						 TEXT_WORD("ECE"), TEXT_WORD("CWR"), TEXT_WORD("AE")};

	return bit_names(at, names, flags & 0x1ff, quoted);
}

char *name_ip_flags(char *at, const struct ip_header *ip, bool quoted)
{
	static const struct text_word names[] = {TEXT_WORD("reserved"), TEXT_WORD("DF"), TEXT_WORD("MF")};
	unsigned int bits =
		(unsigned int)ip->reserved_flag | ip->dont_fragment << 1 | (unsigned int)ip->more_fragments << 2;

	return bit_names(at, names, bits, quoted);
}
