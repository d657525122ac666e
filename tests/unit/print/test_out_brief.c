/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "written.h"

#define TIME "15:02:33.123456789 eth0 in "

static const struct printed_case cases[] = {
	{LINK_ETHERNET, 0, ETHERNET "08 00" IPV4_TCP,
	 TIME "IPv4 TCP 10.9.0.1:40000 > 10.9.0.2:80 flags PSH,ACK seq 305419896 ack 2596069104 win 64240 length 4\n"},
	{LINK_RAW, 0, IPV6_TCP,
	 TIME
	 "IPv6 TCP [fd00::1]:40000 > [fd00::2]:80 flags PSH,ACK seq 305419896 ack 2596069104 win 64240 length 4\n"},
	{LINK_ETHERNET, 0, ETHERNET "81 00 00 0a 08 00" IPV4_UDP "00 00",
	 TIME "vlan 10 IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4\n"},
	{LINK_ETHERNET, 0, ETHERNET "88 47 00 01 01 40" IPV4_UDP,
	 TIME "mpls 16 IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4\n"},
	{LINK_ETHERNET, 0, ETHERNET "88 64 11 00 00 05 00 22 00 21" IPV4_UDP,
	 TIME "pppoe 5 IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4\n"},
	{LINK_RAW, 0, FRAG4_FIRST,
	 TIME "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 fragment id 0x1f2e offset 0 more length 92\n"},
	{LINK_RAW, 0, FRAG4_LATER, TIME "IPv4 UDP 10.9.0.1 > 10.9.0.2 fragment id 0x1f2e offset 16 length 8\n"},
	{LINK_RAW, 0, FRAG6_LATER, TIME "IPv6 UDP fd00::1 > fd00::2 fragment id 0x01020304 offset 16 length 8\n"},
	{LINK_RAW, 0, "45 00 00 16 00 00 00 00 40 01 66 d3 0a 09 00 01 0a 09 00 02 08 00",
	 TIME "IPv4 ICMP 10.9.0.1 > 10.9.0.2 length 2\n"},
	{LINK_ETHERNET, 0, ETHERNET "08 06 00 01 08 00", TIME "ARP 02:00:00:00:00:01 > 02:00:00:00:00:02 length 4\n"},
	{LINK_IEEE802_11, 0, "01 02 03", TIME "ieee802.11 length 3\n"},
	/* Without ACK its number says nothing, and no flag is a finding */
	{LINK_RAW, 0,
	 "45 00 00 28 00 00 00 00 40 06 66 bc 0a 09 00 01 0a 09 00 02 "
	 "00 01 00 02 00 00 00 03 00 00 00 04 50 00 00 05 9b c1 00 00",
	 TIME "IPv4 TCP 10.9.0.1:1 > 10.9.0.2:2 flags none seq 3 win 5 length 0\n"},
	/* Wrong checksums */
	{LINK_RAW, 0,
	 "45 00 00 28 00 00 00 00 40 06 00 00 0a 09 00 01 0a 09 00 02 "
	 "00 01 00 02 00 00 00 03 00 00 00 04 50 12 00 05 00 06 00 07",
	 TIME "IPv4 TCP 10.9.0.1:1 > 10.9.0.2:2 flags SYN,ACK seq 3 ack 4 win 5 length 0"
	      " [bad IP checksum] [bad TCP checksum]\n"},
	{LINK_RAW, 0, "45 10 00 20 1f 2e 40 00 40 11 07 7b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00 0c 8a 86 61 62 63 64",
	 TIME "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4 [bad UDP checksum]\n"},
	/* Cut, after as many fields as there are */
	{LINK_ETHERNET, 60, "02 00 00", TIME "ethernet length 49 [truncated]\n"},
	{LINK_RAW, 35, "45 10 00 2c 1f 2e 40 00 40", TIME "IPv4 [truncated]\n"},
	{LINK_RAW, 28, "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01", TIME "IPv4 TCP 10.9.0.1 [truncated]\n"},
	{LINK_RAW, 21, "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01 0a 09 00 02 9c 40 00",
	 TIME "IPv4 TCP 10.9.0.1:40000 > 10.9.0.2 [truncated]\n"},
	{LINK_RAW, 16, "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01 0a 09 00 02 9c 40 00 50 12 34 56 78",
	 TIME "IPv4 TCP 10.9.0.1:40000 > 10.9.0.2:80 seq 305419896 [truncated]\n"},
	{LINK_RAW, 3, "45 10 00 20 1f 2e 40 00 40 11 07 7b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00 0c 8a 85 61",
	 TIME "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4\n"},
	/* Contradictory */
	{LINK_RAW, 0, "45 10 00 20 1f 2e 40 00 40 11 07 7b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00 05 00 00 61 62 63 64",
	 TIME "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4 [malformed: UDP length below 8]\n"},
};

static void every_kind_of_packet(void **state)
{
	const struct style style = {.time = TIME_CLOCK};

	(void)state;
	assert_printed(out_brief_open, &style, cases, sizeof(cases) / sizeof(cases[0]));
}

static void link_level(void **state)
{
	const struct style style = {.time = TIME_NONE, .link = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_ETHERNET, ETHERNET "81 00 60 0a 08 00" IPV4_UDP, 0);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "eth0 in ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ethertype 0x0800 (IPv4)"
			    " vlan 10 priority 3 tpid 0x8100 IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4\n");
	incoming(&decoded, LINK_ETHERNET, ETHERNET "08 06 00 01", 0);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "eth0 in ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ethertype 0x0806 (ARP) length 2\n");
}

static void what_is_unknown_is_left_out(void **state)
{
	const struct style style = {.time = TIME_CLOCK};
	struct decoded decoded = {.frame = {.direction = DIRECTION_OUT}};

	(void)state;
	decode_hex(&decoded, LINK_RAW, IPV4_UDP, 0);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "out IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4\n");
	decoded.frame.direction = DIRECTION_UNKNOWN;
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "IPv4 UDP 10.9.0.1:40000 > 10.9.0.2:53 length 4\n");
}

static void dumps(void **state)
{
	const struct style hexdump = {.time = TIME_NONE, .hexdump = true};
	const struct style ascii = {.time = TIME_NONE, .hexdump = true, .ascii = true};
	const struct style link = {.time = TIME_NONE, .hexdump = true, .link = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_ETHERNET, ETHERNET "08 00" FRAG4_LATER "00 00 00 00", 0);
	assert_string_equal(printed(out_brief_open, &hexdump, &decoded.packet),
			    "eth0 in IPv4 UDP 10.9.0.1 > 10.9.0.2 fragment id 0x1f2e offset 16 length 8\n"
			    "0000   45 10 00 1C 1F 2E 00 02 40 11 47 7D 0A 09 00 01   E.......@.G}....\n"
			    "0010   0A 09 00 02 61 62 63 64 65 66 67 68               ....abcdefgh\n");
	assert_string_equal(printed(out_brief_open, &ascii, &decoded.packet),
			    "eth0 in IPv4 UDP 10.9.0.1 > 10.9.0.2 fragment id 0x1f2e offset 16 length 8\n"
			    "abcdefgh\n");
	assert_string_equal(printed(out_brief_open, &link, &decoded.packet),
			    "eth0 in ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ethertype 0x0800 (IPv4)"
			    " IPv4 UDP 10.9.0.1 > 10.9.0.2 fragment id 0x1f2e offset 16 length 8\n"
			    "0000   02 00 00 00 00 02 02 00 00 00 00 01 08 00 45 10   ..............E.\n"
			    "0010   00 1C 1F 2E 00 02 40 11 47 7D 0A 09 00 01 0A 09   ......@.G}......\n"
			    "0020   00 02 61 62 63 64 65 66 67 68 00 00 00 00         ..abcdefgh....\n");
}

static void colors(void **state)
{
	const struct style style = {.time = TIME_NONE, .color = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_RAW, IPV6_TCP, 0);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "eth0 in IPv6 TCP \033[36m[fd00::1]\033[0m:\033[35m40000\033[0m >"
			    " \033[36m[fd00::2]\033[0m:\033[35m80\033[0m flags \033[1mPSH,ACK\033[0m"
			    " seq 305419896 ack 2596069104 win 64240 length 4\n");
	incoming(&decoded, LINK_ETHERNET, ETHERNET "08 06 00 01", 10);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "eth0 in ARP \033[32m02:00:00:00:00:01 > 02:00:00:00:00:02\033[0m length 12\n");
	incoming(&decoded, LINK_RAW, "45", 19);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "eth0 in IPv4 \033[1;31m[truncated]\033[0m\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_packet),
		cmocka_unit_test(link_level),
		cmocka_unit_test(what_is_unknown_is_left_out),
		cmocka_unit_test(dumps),
		cmocka_unit_test(colors),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
