/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "written.h"

#define SYN                                                            \
	"45 00 00 3c 1f 2e 40 00 40 06 1b 3f 0a 09 00 01 0a 09 00 02 " \
	"9c 40 00 50 12 34 56 78 00 00 00 00 a0 02 fa f0 1c 2d 00 00 " \
	"02 04 05 b4 04 02 08 0a 00 00 00 01 00 00 00 00 01 03 03 07 "

#define TIME "15:02:33.123456789  #7  eth0 in  "

static const struct printed_case cases[] = {
	{LINK_ETHERNET, 0, ETHERNET "08 00" IPV4_TCP,
	 TIME
	 "IPv4 TCP 10.9.0.1:40000 > 10.9.0.2:80  frame 58\n"
	 "  IPv4  header 20  tos 0x10  total 44  id 0x1f2e  flags DF  offset 0  ttl 64  protocol 6 (TCP)\n"
	 "        checksum 0x077a good\n"
	 "  TCP   header 20  seq 305419896  ack 2596069104  flags PSH,ACK  window 64240\n        checksum 0x5d12 good"
	 "  urgent 0\n"
	 "  Data  4 bytes\n"
	 "0000   45 10 00 2C 1F 2E 40 00 40 06 07 7A 0A 09 00 01   E..,..@.@..z....\n"
	 "0010   0A 09 00 02 9C 40 00 50 12 34 56 78 9A BC DE F0   .....@.P.4Vx....\n"
	 "0020   50 18 FA F0 5D 12 00 00 61 62 63 64               P...]...abcd\n"},
	/* Padding at the end of a tagged frame is not of the packet */
	{LINK_ETHERNET, 0, ETHERNET "88 a8 20 0a 81 00 00 14 08 00" IPV4_UDP "00 00 00",
	 TIME "vlan 10,20  IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53  frame 57\n"
	      "  IPv4  header 20  tos 0x10  total 32  id 0x1f2e  flags DF  offset 0  ttl 64  protocol 17 (UDP)\n"
	      "        checksum 0x077b good\n"
	      "  UDP   length 12  checksum 0x8a85 good\n"
	      "  Data  4 bytes\n"
	      "0000   45 10 00 20 1F 2E 40 00 40 11 07 7B 0A 09 00 01   E.. ..@.@..{....\n"
	      "0010   0A 09 00 02 9C 40 00 35 00 0C 8A 85 61 62 63 64   .....@.5....abcd\n"},
	{LINK_ETHERNET, 0, ETHERNET "88 47 00 01 00 40 00 02 01 3f" FRAG4_LATER,
	 TIME "mpls 16,32  IPv4 UDP 10.9.0.1 > 10.9.0.2  frame 50\n"
	      "  IPv4  header 20  tos 0x10  total 28  id 0x1f2e  flags none  offset 16  ttl 64  protocol 17 (UDP)\n"
	      "        checksum 0x477d good\n"
	      "  Data  8 bytes\n"
	      "0000   45 10 00 1C 1F 2E 00 02 40 11 47 7D 0A 09 00 01   E.......@.G}....\n"
	      "0010   0A 09 00 02 61 62 63 64 65 66 67 68               ....abcdefgh\n"},
	{LINK_RAW, 0, CHAIN,
	 TIME
	 "IPv6 TCP [fd00::1]:40000 > [fd00::2]:80  frame 96\n"
	 "  IPv6  traffic class 0x12  flow label 0x3abcd  payload 56  protocol 6 (TCP)  hop limit 64\n"
	 "        id 0x01020304  flags none  offset 0\n"
	 "        extensions hop-by-hop, destination options, routing, fragment\n"
	 "  TCP   header 20  seq 305419896  ack 2596069104  flags PSH,ACK  window 64240\n        checksum 0x7722 good"
	 "  urgent 0\n"
	 "  Data  4 bytes\n"
	 "0000   61 23 AB CD 00 38 00 40 FD 00 00 00 00 00 00 00   a#...8.@........\n"
	 "0010   00 00 00 00 00 00 00 01 FD 00 00 00 00 00 00 00   ................\n"
	 "0020   00 00 00 00 00 00 00 02 3C 00 01 04 00 00 00 00   ........<.......\n"
	 "0030   2B 00 01 04 00 00 00 00 2C 00 00 00 00 00 00 00   +.......,.......\n"
	 "0040   06 00 00 00 01 02 03 04 9C 40 00 50 12 34 56 78   .........@.P.4Vx\n"
	 "0050   9A BC DE F0 50 18 FA F0 77 22 00 00 61 62 63 64   ....P...w\"..abcd\n"},
	{LINK_RAW, 0, "45 00 00 1d 00 00 00 00 40 11 66 bc 0a 09 00 01 0a 09 00 02 9c 40 00 35 00 09 00 00 61",
	 TIME "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53  frame 29\n"
	      "  IPv4  header 20  tos 0x00  total 29  id 0x0000  flags none  offset 0  ttl 64  protocol 17 (UDP)\n"
	      "        checksum 0x66bc good\n"
	      "  UDP   length 9  checksum 0x0000 absent\n"
	      "  Data  1 byte\n"
	      "0000   45 00 00 1D 00 00 00 00 40 11 66 BC 0A 09 00 01   E.......@.f.....\n"
	      "0010   0A 09 00 02 9C 40 00 35 00 09 00 00 61            .....@.5....a\n"},
	{LINK_RAW, 0, FRAG6_LATER,
	 TIME "IPv6 UDP fd00::1 > fd00::2  frame 56\n"
	      "  IPv6  traffic class 0x12  flow label 0x3abcd  payload 16  protocol 17 (UDP)  hop limit 64\n"
	      "        id 0x01020304  flags none  offset 16\n"
	      "        extensions fragment\n"
	      "  Data  8 bytes\n"
	      "0000   61 23 AB CD 00 10 2C 40 FD 00 00 00 00 00 00 00   a#....,@........\n"
	      "0010   00 00 00 00 00 00 00 01 FD 00 00 00 00 00 00 00   ................\n"
	      "0020   00 00 00 00 00 00 00 02 11 00 00 10 01 02 03 04   ................\n"
	      "0030   61 62 63 64 65 66 67 68                           abcdefgh\n"},
	{LINK_RAW, 0, LSRR_ON_ITS_WAY,
	 TIME "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53  frame 40\n"
	      "  IPv4  header 28  tos 0x10  total 40  id 0x1f2e  flags DF  offset 0  ttl 64  protocol 17 (UDP)\n"
	      "        checksum 0x6c58 good\n"
	      "        options loose-source-route pointer 4 10.9.9.9, eol\n"
	      "  UDP   length 12  checksum 0x817e good\n"
	      "  Data  4 bytes\n"
	      "0000   47 10 00 28 1F 2E 40 00 40 11 6C 58 0A 09 00 01   G..(..@.@.lX....\n"
	      "0010   0A 09 00 02 83 07 04 0A 09 09 09 00 9C 40 00 35   .............@.5\n"
	      "0020   00 0C 81 7E 61 62 63 64                           ...~abcd\n"},
	/* Not TCP, not UDP; AH; not IP */
	{LINK_RAW, 0, "45 00 00 16 00 00 00 00 40 c8 00 00 0a 09 00 01 0a 09 00 02 61 62",
	 TIME "IPv4 protocol 200 10.9.0.1 > 10.9.0.2  frame 22\n"
	      "  IPv4  header 20  tos 0x00  total 22  id 0x0000  flags none  offset 0  ttl 64  protocol 200\n"
	      "        checksum 0x0000 bad\n"
	      "  Data  2 bytes\n"
	      "0000   45 00 00 16 00 00 00 00 40 C8 00 00 0A 09 00 01   E.......@.......\n"
	      "0010   0A 09 00 02 61 62                                 ....ab\n"},
	{LINK_RAW, 0, IPV4_AH,
	 TIME "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53  frame 56\n"
	      "  IPv4  header 20  tos 0x10  total 56  id 0x1f2e  flags DF  offset 0  ttl 64  protocol 51 (AH)\n"
	      "        checksum 0x0741 good\n"
	      "        extensions AH\n"
	      "  UDP   length 12  checksum 0x8a85 good\n"
	      "  Data  4 bytes\n"
	      "0000   45 10 00 38 1F 2E 40 00 40 33 07 41 0A 09 00 01   E..8..@.@3.A....\n"
	      "0010   0A 09 00 02 11 04 00 00 00 00 01 00 00 00 00 01   ................\n"
	      "0020   AA AA AA AA AA AA AA AA AA AA AA AA 9C 40 00 35   .............@.5\n"
	      "0030   00 0C 8A 85 61 62 63 64                           ....abcd\n"},
	{LINK_ETHERNET, 0, ETHERNET "08 06 00 01 08 00",
	 TIME "ARP 02:00:00:00:00:01 > 02:00:00:00:00:02  frame 18\n"
	      "  Data  4 bytes\n"
	      "0000   02 00 00 00 00 02 02 00 00 00 00 01 08 06 00 01   ................\n"
	      "0010   08 00                                             ..\n"},
	{LINK_ETHERNET, 0, ETHERNET "12 34",
	 TIME "ethertype 0x1234 02:00:00:00:00:01 > 02:00:00:00:00:02  frame 14\n"
	      "0000   02 00 00 00 00 02 02 00 00 00 00 01 12 34         .............4\n"},
	{147, 0, "01 02",
	 TIME "link type 147  frame 2\n"
	      "  Data  2 bytes\n"
	      "0000   01 02                                             ..\n"},
	/* Cut */
	{LINK_ETHERNET, 60, "02 00 00 00 00 02 02",
	 TIME "ethernet > 02:00:00:00:00:02  frame 67  captured 7 [truncated]\n"
	      "  Data  53 bytes, captured 0\n"
	      "0000   02 00 00 00 00 02 02                              .......\n"},
	{LINK_RAW, 35, "45 10 00 2c 1f 2e 40 00 40",
	 TIME "IPv4  frame 44  captured 9\n"
	      "  IPv4  header 20  tos 0x10  total 44  id 0x1f2e  flags DF  offset 0  ttl 64 [truncated]\n"
	      "0000   45 10 00 2C 1F 2E 40 00 40                        E..,..@.@\n"},
	{LINK_RAW, 14, "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01 0a 09 00 02 9c 40 00 50 12 34 56 78 9a bc",
	 TIME "IPv4 TCP 10.9.0.1:40000 > 10.9.0.2:80  frame 44  captured 30\n"
	      "  IPv4  header 20  tos 0x10  total 44  id 0x1f2e  flags DF  offset 0  ttl 64  protocol 6 (TCP)\n"
	      "        checksum 0x077a good\n"
	      "  TCP   seq 305419896 [truncated]\n"
	      "0000   45 10 00 2C 1F 2E 40 00 40 06 07 7A 0A 09 00 01   E..,..@.@..z....\n"
	      "0010   0A 09 00 02 9C 40 00 50 12 34 56 78 9A BC         .....@.P.4Vx..\n"},
	{LINK_RAW, 7, "45 10 00 20 1f 2e 40 00 40 11 07 7b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00",
	 TIME "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53  frame 32  captured 25\n"
	      "  IPv4  header 20  tos 0x10  total 32  id 0x1f2e  flags DF  offset 0  ttl 64  protocol 17 (UDP)\n"
	      "        checksum 0x077b good\n"
	      "  UDP  [truncated]\n"
	      "0000   45 10 00 20 1F 2E 40 00 40 11 07 7B 0A 09 00 01   E.. ..@.@..{....\n"
	      "0010   0A 09 00 02 9C 40 00 35 00                        .....@.5.\n"},
	{LINK_RAW, 60, "61 23 ab cd 00 18",
	 TIME "IPv6  frame 66  captured 6\n"
	      "  IPv6  traffic class 0x12  flow label 0x3abcd  payload 24 [truncated]\n"
	      "0000   61 23 AB CD 00 18                                 a#....\n"},
	/* Contradictory */
	{LINK_RAW, 0,
	 "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01 0a 09 00 02 "
	 "9c 40 00 50 12 34 56 78 9a bc de f0 4f 18 fa f0 5d 12 00 00 61 62 63 64",
	 TIME "IPv4 TCP 10.9.0.1:40000 > 10.9.0.2:80  frame 44\n"
	      "  IPv4  header 20  tos 0x10  total 44  id 0x1f2e  flags DF  offset 0  ttl 64  protocol 6 (TCP)\n"
	      "        checksum 0x077a good\n"
	      "  TCP   header 16  seq 305419896  ack 2596069104  flags PSH,ACK,AE  reserved 7  window 64240\n"
	      "        checksum 0x5d12 bad  urgent 0 [malformed: data offset below 20 bytes]\n"
	      "  Data  4 bytes\n"
	      "0000   45 10 00 2C 1F 2E 40 00 40 06 07 7A 0A 09 00 01   E..,..@.@..z....\n"
	      "0010   0A 09 00 02 9C 40 00 50 12 34 56 78 9A BC DE F0   .....@.P.4Vx....\n"
	      "0020   4F 18 FA F0 5D 12 00 00 61 62 63 64               O...]...abcd\n"},
	/* Total length 0, as of a superpacket: up to the end of the frame */
	{LINK_RAW, 0, "45 00 00 00 00 00 00 00 40 32 66 b8 0a 09 00 01 0a 09 00 02 61 62",
	 TIME "IPv4 ESP 10.9.0.1 > 10.9.0.2  frame 22\n"
	      "  IPv4  header 20  tos 0x00  total 0  id 0x0000  flags none  offset 0  ttl 64  protocol 50 (ESP)\n"
	      "        checksum 0x66b8 good\n"
	      "  Data  2 bytes\n"
	      "0000   45 00 00 00 00 00 00 00 40 32 66 B8 0A 09 00 01   E.......@2f.....\n"
	      "0010   0A 09 00 02 61 62                                 ....ab\n"},
};

static void every_kind_of_packet(void **state)
{
	const struct style style = {.time = TIME_CLOCK};

	(void)state;
	assert_printed(out_full_open, &style, cases, sizeof(cases) / sizeof(cases[0]));
}

/* A checksum that the kernel has still to compute, seen on its way out, nothing else known of it. */
static void what_is_unknown_is_left_out(void **state)
{
	const struct style style = {.time = TIME_CLOCK};
	struct decoded decoded = {.frame = {.number = 1, .offload = OFFLOAD_PENDING}};

	(void)state;
	decode_hex(&decoded, LINK_ETHERNET, ETHERNET "08 00" SYN, 0);
	assert_string_equal(
		printed(out_full_open, &style, &decoded.packet),
		"#1  IPv4 TCP 10.9.0.1:40000 > 10.9.0.2:80  frame 74\n"
		"  IPv4  header 20  tos 0x00  total 60  id 0x1f2e  flags DF  offset 0  ttl 64"
		"  protocol 6 (TCP)\n        checksum 0x1b3f bad\n"
		"  TCP   header 40  seq 305419896  ack 0  flags SYN  window 64240\n        checksum 0x1c2d offloaded"
		"  urgent 0\n"
		"        options mss 1460, sackOK, timestamp 1 0, nop, wscale 7\n"
		"0000   45 00 00 3C 1F 2E 40 00 40 06 1B 3F 0A 09 00 01   E..<..@.@..?....\n"
		"0010   0A 09 00 02 9C 40 00 50 12 34 56 78 00 00 00 00   .....@.P.4Vx....\n"
		"0020   A0 02 FA F0 1C 2D 00 00 02 04 05 B4 04 02 08 0A   .....-..........\n"
		"0030   00 00 00 01 00 00 00 00 01 03 03 07               ............\n");
}

static void link_level(void **state)
{
	const struct style style = {.time = TIME_NONE, .link = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_ETHERNET, ETHERNET "81 00 f0 0a 88 64 11 00 00 05 00 03 c0 21 01", 0);
	assert_string_equal(printed(out_full_open, &style, &decoded.packet),
			    "#7  eth0 in  vlan 10  pppoe 5  PPPoE  frame 27\n"
			    "  Link  ethernet  02:00:00:00:00:01 > 02:00:00:00:00:02  ethertype 0x8864 (PPPoE)"
			    "\n        vlan 10 priority 7 dei tpid 0x8100  pppoe session 5\n"
			    "  Data  1 byte\n"
			    "0000   02 00 00 00 00 02 02 00 00 00 00 01 81 00 F0 0A   ................\n"
			    "0010   88 64 11 00 00 05 00 03 C0 21 01                  .d.......!.\n");
	incoming(&decoded, LINK_ETHERNET, ETHERNET "88 48 00 01 0a 40", 8);
	assert_string_equal(printed(out_full_open, &style, &decoded.packet),
			    "#7  eth0 in  mpls 16  MPLS multicast  frame 26  captured 18\n"
			    "  Link  ethernet  02:00:00:00:00:01 > 02:00:00:00:00:02  ethertype 0x8848 (MPLS multicast)"
			    "\n        mpls 16 traffic class 5 ttl 64 [truncated]\n"
			    "  Data  8 bytes, captured 0\n"
			    "0000   02 00 00 00 00 02 02 00 00 00 00 01 88 48 00 01   .............H..\n"
			    "0010   0A 40                                             .@\n");
}

static void payload_in_place_of_the_dump(void **state)
{
	const struct style style = {.time = TIME_NONE, .ascii = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_RAW, IPV4_UDP, 0);
	assert_string_equal(printed(out_full_open, &style, &decoded.packet),
			    "#7  eth0 in  IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53  frame 32\n"
			    "  IPv4  header 20  tos 0x10  total 32  id 0x1f2e  flags DF  offset 0  ttl 64"
			    "  protocol 17 (UDP)\n        checksum 0x077b good\n"
			    "  UDP   length 12  checksum 0x8a85 good\n"
			    "  Data  4 bytes\n"
			    "abcd\n");
}

static void colors(void **state)
{
	const struct style style = {.time = TIME_NONE, .ascii = true, .color = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_RAW,
		 "45 00 00 28 00 00 00 00 40 06 00 00 0a 09 00 01 0a 09 00 02 00 01 00 02 00 00 00 03 "
		 "00 00 00 04 40 12 00 05 00 06 00 07",
		 0);
	assert_string_equal(
		printed(out_full_open, &style, &decoded.packet),
		"\033[1m#7\033[0m  eth0 in  IPv4 TCP \033[36m10.9.0.1\033[0m:\033[35m1\033[0m > "
		"\033[36m10.9.0.2\033[0m:\033[35m2\033[0m"
		"  frame 40\n"
		"  \033[36mIPv4\033[0m  header 20  tos 0x00  total 40  id 0x0000  flags none  offset 0  ttl 64  "
		"protocol 6 (TCP)\n"
		"        checksum 0x0000 \033[1;31mbad\033[0m\n"
		"  \033[35mTCP\033[0m   header 16  seq 3  ack 4  flags \033[1mSYN,ACK\033[0m  window 5\n"
		"        checksum 0x0006 \033[1;31mbad\033[0m  urgent 7 \033[1;31m[malformed: data offset below 20 "
		"bytes]\033[0m\n"
		"");
}

static void cut_fields(void **state)
{
	static const struct printed_field in_ipv4_tcp[] = {
		{"  header ", {1, 33}}, {"  tos ", {2}},     {"  total ", {4}},         {"  id ", {8}},
		{"  flags ", {8, 34}},  {"  offset ", {8}},  {"  ttl ", {9}},           {"  protocol ", {10}},
		{"IPv4 TCP", {10}},     {"10.9.0.1", {16}},  {"  checksum ", {12, 38}}, {"10.9.0.2", {20}},
		{":40000", {22}},       {"0.2:80", {24}},    {"  seq ", {28}},          {"  ack ", {32}},
		{"  window ", {36}},    {"  urgent ", {40}},
	};
	static const struct printed_field in_ipv6_udp[] = {
		{"  traffic class ", {4}}, {"  flow label ", {4}}, {"  payload ", {6}},     {"IPv6 UDP", {7}},
		{"  protocol ", {8}},      {"  hop limit ", {8}},  {"fd00::1", {24}},       {"fd00::2", {40}},
		{":40000", {42}},          {":53", {44}},          {"UDP   length ", {46}}, {"  checksum ", {48}},
	};
	const struct style style = {.time = TIME_NONE};

	(void)state;
	assert_cut_fields(out_full_open, &style, IPV4_TCP, in_ipv4_tcp, COUNT(in_ipv4_tcp));
	assert_cut_fields(out_full_open, &style, IPV6_UDP, in_ipv6_udp, COUNT(in_ipv6_udp));
}

/* What stands behind the lines of the headers. */
static const char *dump_of(const struct style *style, const struct packet *packet)
{
	const char *dump = strstr(printed(out_full_open, style, packet), "\n0000   ");

	return dump ? dump + 1 : "none";
}

/* Each header's bytes have the color of its name; those of the payload and of padding have none. */
static void colors_of_bytes(void **state)
{
	const struct style style = {.time = TIME_NONE, .color = true, .link = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_ETHERNET,
		 ETHERNET
		 "81 00 00 0a 08 00 45 00 00 20 1f 2e 40 00 40 11 07 8b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00 "
		 "0c 8a 85 61 62 63 64 00 00 00 00",
		 0);
	assert_string_equal(dump_of(&style, &decoded.packet),
			    "0000   \033[32m02 00 00 00 00 02 02 00 00 00 00 01 81 00 00 0A \033[0m  "
			    "\033[32m................\033[0m\n"
			    "0010   \033[32m08 00 \033[36m45 00 00 20 1F 2E 40 00 40 11 07 8B 0A 09 \033[0m  "
			    "\033[32m..\033[36mE.. ..@.@.....\033[0m\n"
			    "0020   \033[36m00 01 0A 09 00 02 \033[35m9C 40 00 35 00 0C 8A 85 \033[0m61 62   "
			    "\033[36m......\033[35m.@.5....\033[0mab\n"
			    "0030   63 64 00 00 00 00                                 cd....\n");
}

/* A frame without IP has a link-level header alone; one that is cut, as much of each as is there. */
static void colors_of_fewer_bytes(void **state)
{
	const struct style style = {.time = TIME_NONE, .color = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_ETHERNET, ETHERNET "08 06 00 01", 24);
	assert_string_equal(dump_of(&style, &decoded.packet),
			    "0000   \033[32m02 00 00 00 00 02 02 00 00 00 00 01 08 06 \033[0m00 01   "
			    "\033[32m..............\033[0m..\n");
	incoming(&decoded, LINK_RAW, "45 00 00 28 00 00 00 00 40 06 00 00 0a 09 00 01 0a 09 00 02 00 01 00", 17);
	assert_string_equal(dump_of(&style, &decoded.packet),
			    "0000   \033[36m45 00 00 28 00 00 00 00 40 06 00 00 0A 09 00 01 \033[0m  "
			    "\033[36mE..(....@.......\033[0m\n"
			    "0010   \033[36m0A 09 00 02 \033[35m00 01 00 \033[0m                             "
			    "\033[36m....\033[35m...\033[0m\n");
}

/* A name from a file, which may say anything. */
static void names_do_not_reach_the_terminal_as_commands(void **state)
{
	const struct style style = {.time = TIME_NONE};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, 147, "00", 0);
	decoded.interface.name = "\033]0;x\007\xff";
	decoded.frame.direction = DIRECTION_UNKNOWN;
	assert_string_equal(printed(out_full_open, &style, &decoded.packet),
			    "#7  ?]0;x??  link type 147  frame 1\n"
			    "  Data  1 byte\n"
			    "0000   00                                                .\n");
}

/* Sequence numbers count from the first of the connection, which a SYN shows; the window is the field. */
static void relative_numbers(void **state)
{
	const struct style style = {.time = TIME_NONE}, absolute = {.time = TIME_NONE, .absolute = true};
	const struct tcp_analysis analysis = {
		.relative_seq = 1449, .relative_ack = 78, .has_relative_ack = true, .window_shift = 7};
	const struct tcp_analysis first = {.window_shift = -1};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_RAW, IPV4_TCP, 0);
	decoded.packet.analysis = &analysis;
	assert_non_null(strstr(printed(out_full_open, &style, &decoded.packet),
			       "  seq 1449  ack 78  flags PSH,ACK  window 64240"));
	assert_non_null(strstr(printed(out_full_open, &absolute, &decoded.packet),
			       "  seq 305419896  ack 2596069104  flags PSH,ACK  window 64240"));
	/* An ACK of 78 with SACK of 101 to 201, counted from the same number */
	incoming(&decoded, LINK_RAW,
		 "45 00 00 34 00 00 40 00 40 06 26 b0 0a 09 00 01 0a 09 00 02 9c 40 00 50 00 00 00 07 00 00 10 4e "
		 "80 10 01 f6 00 00 00 00 01 01 05 0a 00 00 10 65 00 00 10 c9",
		 0);
	decoded.packet.analysis = &analysis;
	assert_non_null(strstr(printed(out_full_open, &style, &decoded.packet), "  options nop, nop, sack 101:201\n"));
	assert_non_null(
		strstr(printed(out_full_open, &absolute, &decoded.packet), "  options nop, nop, sack 4197:4297\n"));
	incoming(&decoded, LINK_RAW, SYN, 0);
	decoded.packet.analysis = &first;
	assert_non_null(strstr(printed(out_full_open, &style, &decoded.packet), "  seq 305419896  ack 0  flags SYN  "));
	decoded.packet.tcp.flags = 0;
	assert_non_null(strstr(printed(out_full_open, &style, &decoded.packet), "  flags none  window 64240"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_packet),
		cmocka_unit_test(what_is_unknown_is_left_out),
		cmocka_unit_test(cut_fields),
		cmocka_unit_test(link_level),
		cmocka_unit_test(payload_in_place_of_the_dump),
		cmocka_unit_test(colors),
		cmocka_unit_test(colors_of_bytes),
		cmocka_unit_test(colors_of_fewer_bytes),
		cmocka_unit_test(names_do_not_reach_the_terminal_as_commands),
		cmocka_unit_test(relative_numbers),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
