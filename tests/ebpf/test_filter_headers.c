/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter_rows.h"

/* The headers between the link-level header and the ports: packet, options, verdict. */

#define UDP_IN_4                         IPV4(P_UDP, 8), UDP(5353, 53)
#define UDP_IN_6                         IPV6(P_UDP, 8), UDP(5353, 53)
#define IPV4_WORD(version_length, total) IPV4_OF(version_length, total, 0, P_UDP, HOST_A, HOST_B)

/* Four and twelve of a kind; the dissection follows up to twelve. */
#define FOUR(...)    __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__
#define TWELVE(...)  FOUR(__VA_ARGS__), FOUR(__VA_ARGS__), FOUR(__VA_ARGS__)
#define NEXT_TAG     TAG(T_VLAN)
#define NEXT_OPTIONS EXTENSION(P_OPTIONS)

static const struct row rows[] = {
	/* Tags: up to five of each kind are in test_filter_cut.c. */
	{"12 tags", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_VLAN), FOUR(NEXT_TAG), FOUR(NEXT_TAG), NEXT_TAG, NEXT_TAG, NEXT_TAG, TAG(T_IPV4), UDP_IN_4)},
	{"13 tags", "--port=53", VERDICT_NOT_IP, PACKET(ETHERNET(T_VLAN), TWELVE(NEXT_TAG), TAG(T_IPV4), UDP_IN_4)},
	{"tag, then ARP", "", VERDICT_NOT_IP, PACKET(ETHERNET(T_VLAN), TAG(T_ARP), 0, 1, 8, 0)},
	{"tag, then nothing", "", VERDICT_MALFORMED, PACKET(ETHERNET(T_VLAN), TAG(T_IPV4))},
	{"LLDP", "", VERDICT_NOT_IP, PACKET(ETHERNET(0x88cc), UDP_IN_4)},

	{"MPLS", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(T_MPLS), LAST_LABEL, UDP_IN_4)},
	{"MPLS, IPv6", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(T_MPLS), LAST_LABEL, UDP_IN_6)},
	{"MPLS multicast", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(0x8848), LAST_LABEL, UDP_IN_4)},
	{"MPLS, 3 labels", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(T_MPLS), LABEL, LABEL, LAST_LABEL, UDP_IN_4)},
	{"MPLS, no last label", "", VERDICT_NOT_IP, PACKET(ETHERNET(T_MPLS), LABEL, UDP_IN_4)},
	{"MPLS, pseudowire", "", VERDICT_NOT_IP,
	 PACKET(ETHERNET(T_MPLS), LAST_LABEL, U32(0u), ETHERNET(T_IPV4), UDP_IN_4)},
	{"MPLS behind a tag", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_VLAN), TAG(T_MPLS), LABEL, LAST_LABEL, UDP_IN_6)},
	{"MPLS, nothing behind the label", "", VERDICT_NOT_IP, PACKET(ETHERNET(T_MPLS), LAST_LABEL)},

	{"PPPoE", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(T_PPPOE), PPPOE, U16(0x0021), UDP_IN_4)},
	{"PPPoE, IPv6", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(T_PPPOE), PPPOE, U16(0x0057), UDP_IN_6)},
	{"PPPoE, protocol of one byte", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_PPPOE), PPPOE, 0x21, UDP_IN_4)},
	{"PPPoE, protocol of one byte, IPv6", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_PPPOE), PPPOE, 0x57, UDP_IN_6)},
	{"PPPoE, MPLS", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_PPPOE), PPPOE, U16(0x0281), LAST_LABEL, UDP_IN_4)},
	{"PPPoE, MPLS multicast", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_PPPOE), PPPOE, U16(0x0283), LAST_LABEL, UDP_IN_4)},
	{"PPPoE, padding is no port", "--port=0-65535", VERDICT_PORT,
	 PACKET(ETHERNET(T_PPPOE), PPPOE_OF(22), U16(0x0021), IPV4(P_UDP, 8), UDP(5353, 53))},
	{"PPPoE, IP header in padding", "", VERDICT_MALFORMED,
	 PACKET(ETHERNET(T_PPPOE), PPPOE_OF(21), U16(0x0021), IPV4(P_UDP, 8), UDP(5353, 53))},
	{"PPPoE behind two tags", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(0x88a8), TAG(T_VLAN), TAG(T_PPPOE), PPPOE, U16(0x0021), UDP_IN_4)},
	{"PPPoE, LCP", "", VERDICT_NOT_IP, PACKET(ETHERNET(T_PPPOE), PPPOE, U16(0xc021), UDP_IN_4)},
	{"PPPoE, no session data", "", VERDICT_NOT_IP,
	 PACKET(ETHERNET(T_PPPOE), 0x11, 9, 0, 1, 0, 30, U16(0x0021), UDP_IN_4)},
	{"PPPoE, version 2", "", VERDICT_NOT_IP,
	 PACKET(ETHERNET(T_PPPOE), 0x21, 0, 0, 1, 0, 30, U16(0x0021), UDP_IN_4)},
	{"PPPoE discovery", "", VERDICT_NOT_IP, PACKET(ETHERNET(0x8863), PPPOE, U16(0x0021), UDP_IN_4)},
	{"PPPoE, cut", "", VERDICT_NOT_IP, PACKET(ETHERNET(T_PPPOE), PPPOE, 0)},

	{"SNAP", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(36), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP, IPv6", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(56), SNAP(T_IPV6), UDP_IN_6)},
	{"SNAP, longest length", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(1500), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP behind a tag", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(T_VLAN), TAG(36), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP, then a tag", "--port=53", VERDICT_ACCEPTED, PACKET(ETHERNET(40), SNAP(T_VLAN), TAG(T_IPV4), UDP_IN_4)},
	{"SNAP of another organisation", "", VERDICT_NOT_IP,
	 PACKET(ETHERNET(36), 0xaa, 0xaa, 3, 0, 0, 12, 8, 0, UDP_IN_4)},
	{"SNAP, ARP", "", VERDICT_NOT_IP, PACKET(ETHERNET(36), SNAP(T_ARP), UDP_IN_4)},
	{"SNAP, length beyond the frame", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(1535), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP, padding is no port", "--port=0-65535", VERDICT_PORT, PACKET(ETHERNET(28), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP, IP header in padding", "", VERDICT_MALFORMED, PACKET(ETHERNET(27), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP in padding", "", VERDICT_NOT_IP, PACKET(ETHERNET(7), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP, length 0", "", VERDICT_NOT_IP, PACKET(ETHERNET(0), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP behind a tag, padding is no port", "--port=0-65535", VERDICT_PORT,
	 PACKET(ETHERNET(T_VLAN), TAG(28), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP, then a length", "", VERDICT_NOT_IP, PACKET(ETHERNET(44), SNAP(36), SNAP(T_IPV4), UDP_IN_4)},
	{"SNAP, then a tag, then SNAP", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(48), SNAP(T_VLAN), TAG(36), SNAP(T_IPV4), UDP_IN_4)},
	{"ethertype 1536", "", VERDICT_NOT_IP, PACKET(ETHERNET(1536), SNAP(T_IPV4), UDP_IN_4)},
	{"LLC, spanning tree", "", VERDICT_NOT_IP, PACKET(ETHERNET(38), 0x42, 0x42, 3, U32(0u), U64(0ull))},
	{"LLC, cut", "", VERDICT_NOT_IP, PACKET(ETHERNET(3), 0x42, 0x42, 3)},
	{"IEEE 802.3 without LLC", "", VERDICT_NOT_IP, PACKET(ETHERNET(36), 0xff, 0xff, U32(0u), UDP_IN_4)},

	{"IPv4, 10 words of options", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x4f, 68), FOUR(U64(1ull)), U64(1ull), UDP(5353, 53))},
	{"IPv4, 1 word of options", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x46, 32), 7, 4, 4, 0, UDP(5353, 53))},
	{"IPv4, options are no ports", "--port=53", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x46, 32), 0, 53, 0, 53, UDP(1, 2))},
	{"IPv4, options cut", "", VERDICT_ACCEPTED, PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x4f, 68), U64(1ull))},
	{"IPv4, 4 words", "", VERDICT_MALFORMED, PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x44, 28), UDP(5353, 53))},
	{"IPv4, 0 words", "", VERDICT_MALFORMED, PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x40, 28), UDP(5353, 53))},
	{"IPv4, version 6", "", VERDICT_MALFORMED, PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x65, 28), UDP(5353, 53))},
	{"IPv4, version 0", "", VERDICT_MALFORMED, PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x05, 28), UDP(5353, 53))},
	{"IPv4, total length below the header's", "", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x45, 19), UDP(5353, 53))},
	{"IPv4, total length below the header's, --port", "--port=0-65535", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x45, 19), UDP(5353, 53))},
	{"IPv4, total length 1", "--port=0-65535", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x45, 1), UDP(5353, 53))},
	{"IPv4, total length 0", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x45, 0), UDP(5353, 53))},
	{"IPv4, ports cut by the total length", "--port=53", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x45, 23), UDP(5353, 53))},
	{"IPv4, ports just inside", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x45, 24), UDP(5353, 53))},
	{"IPv4, padding is no port", "--port=53", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV4), IPV4_WORD(0x45, 20), UDP(5353, 53))},
	{"IPv4, padding is no flag", "--tcp-flags=syn", VERDICT_TCP_FLAGS,
	 PACKET(ETHERNET(T_IPV4), IPV4(P_TCP, 13), TCP(1, 2, SYN))},
	{"IPv4, flags just inside", "--tcp-flags=syn", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4(P_TCP, 14), TCP(1, 2, SYN))},
	{"IPv4, hop-by-hop is no extension", "", VERDICT_PROTOCOL,
	 PACKET(ETHERNET(T_IPV4), IPV4(P_HOP_BY_HOP, 16), EXTENSION(P_UDP), UDP(1, 2))},
	{"IPv4, AH", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4(P_AH, 32), AH_24(P_UDP), UDP(5353, 53))},
	{"IPv4, AH, then ICMP", "", VERDICT_PROTOCOL,
	 PACKET(ETHERNET(T_IPV4), IPV4(P_AH, 32), AH_24(P_ICMP), UDP(8, 0))},
	{"IPv4, AH cut", "", VERDICT_MALFORMED, PACKET(ETHERNET(T_IPV4), IPV4(P_AH, 32), P_UDP, 4, 0, 0, 0, 0, 0)},
	{"IPv4, AH in a later fragment", "", VERDICT_PROTOCOL,
	 PACKET(ETHERNET(T_IPV4), IPV4_FRAGMENT(1, P_AH, 32), AH_24(P_UDP), UDP(5353, 53))},
	{"IPv4, ESP", "", VERDICT_PROTOCOL, PACKET(ETHERNET(T_IPV4), IPV4(P_ESP, 8), U64(1ull))},

	{"IPv6, version 4", "", VERDICT_MALFORMED, PACKET(ETHERNET(T_IPV6), UDP_IN_4, FOUR(U64(0ull)))},
	{"IPv6, hop-by-hop", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_HOP_BY_HOP, 16), EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, routing, 3 words", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_ROUTING, 32), EXTENSION_24(P_UDP), UDP(5353, 53))},
	{"IPv6, destination options", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_OPTIONS, 16), EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, AH", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_AH, 32), AH_24(P_UDP), UDP(5353, 53))},
	{"IPv6, one of each kind", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_HOP_BY_HOP, 80), EXTENSION(P_OPTIONS), EXTENSION(P_ROUTING),
		EXTENSION(P_FRAGMENT), FRAGMENT(P_AH, 0), AH_24(P_OPTIONS), EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, length of the fragment header is not looked at", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_FRAGMENT, 16), P_UDP, 9, 0, 0, U32(1u), UDP(5353, 53))},
	{"IPv6, later fragment of a chain", "", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_HOP_BY_HOP, 24), EXTENSION(P_FRAGMENT), FRAGMENT(P_UDP, 8), UDP(5353, 53))},
	{"IPv6, later fragment that begins with options", "", VERDICT_PROTOCOL,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_FRAGMENT, 16), FRAGMENT(P_OPTIONS, 8), EXTENSION(P_UDP))},
	{"IPv6, 12 extensions", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_OPTIONS, 104), FOUR(NEXT_OPTIONS), FOUR(NEXT_OPTIONS), NEXT_OPTIONS,
		NEXT_OPTIONS, NEXT_OPTIONS, EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, 13 extensions", "", VERDICT_MALFORMED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_OPTIONS, 112), TWELVE(NEXT_OPTIONS), EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, extension behind the frame", "", VERDICT_MALFORMED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_OPTIONS, 2048), EXTENSION_OF(P_ROUTING, 255), U64(0ull))},
	{"IPv6, extension behind the payload", "", VERDICT_MALFORMED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_OPTIONS, 7), EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, ports behind the payload", "--port=53", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_OPTIONS, 11), EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, ports just inside", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_OPTIONS, 12), EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, payload length 0", "--port=53", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_OPTIONS, 0), EXTENSION(P_UDP), UDP(5353, 53))},
	{"IPv6, no next header", "", VERDICT_PROTOCOL, PACKET(ETHERNET(T_IPV6), IPV6(59, 8), UDP(5353, 53))},
	{"IPv6, mobility", "", VERDICT_PROTOCOL, PACKET(ETHERNET(T_IPV6), IPV6(135, 16), EXTENSION(P_UDP), UDP(1, 2))},
	{"IPv6, ESP", "", VERDICT_PROTOCOL, PACKET(ETHERNET(T_IPV6), IPV6(P_ESP, 8), U64(1ull))},
	{"IPv6 in IPv4", "", VERDICT_PROTOCOL, PACKET(ETHERNET(T_IPV4), IPV4(41, 48), UDP_IN_6)},
};

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows)];

	rows_need_privilege();
	for (size_t i = 0; i < LENGTH(rows); i++)
		tests[i] = rows_unit_test(&rows[i], rows_test);
	return rows_run_group(tests, LENGTH(tests), rows_teardown);
}
