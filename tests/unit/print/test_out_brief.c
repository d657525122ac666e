/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "decode_samples.h"
#include "written.h"

#define TIME "15:02:33.123456789 "

static const struct printed_case cases[] = {
	{LINK_ETHERNET, 0, ETHERNET "08 00" IPV4_TCP,
	 TIME "TCP 10.9.0.1:40000 > 10.9.0.2:80    P. seq 305419896 length 4\n"},
	{LINK_RAW, 0, IPV6_TCP, TIME "TCP [fd00::1]:40000 > [fd00::2]:80        P. seq 305419896 length 4\n"},
	{LINK_RAW, 0, FRAG4_FIRST,
	 TIME "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 92 fragment id 0x1f2e offset 0 more\n"},
	{LINK_RAW, 0, FRAG4_LATER, TIME "UDP 10.9.0.1 > 10.9.0.2             length 8 fragment id 0x1f2e offset 16\n"},
	{LINK_RAW, 0, FRAG6_LATER,
	 TIME "UDP fd00::1 > fd00::2                     length 8 fragment id 0x01020304 offset 16\n"},
	{LINK_RAW, 0, "45 00 00 16 00 00 00 00 40 01 66 d3 0a 09 00 01 0a 09 00 02 08 00",
	 TIME "ICMP 10.9.0.1 > 10.9.0.2            length 2\n"},
	{LINK_RAW, 0, "45 00 00 16 00 00 00 00 40 c8 66 0c 0a 09 00 01 0a 09 00 02 08 00",
	 TIME "protocol 200 10.9.0.1 > 10.9.0.2    length 2\n"},
	{LINK_ETHERNET, 0, ETHERNET "08 06 00 01 08 00", TIME "ARP 02:00:00:00:00:01 > 02:00:00:00:00:02 length 4\n"},
	{LINK_IEEE802_11, 0, "01 02 03", TIME "ieee802.11                                length 3\n"},
	/* Tags, of which there may be several */
	{LINK_ETHERNET, 0, ETHERNET "81 00 00 0a 08 00" IPV4_UDP "00 00",
	 TIME "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4 vlan 10\n"},
	{LINK_ETHERNET, 0, ETHERNET "88 a8 00 64 81 00 00 14 08 00" IPV4_UDP "00 00",
	 TIME "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4 vlan 100,20\n"},
	{LINK_ETHERNET, 0, ETHERNET "88 47 00 01 00 40 00 01 11 40" IPV4_UDP,
	 TIME "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4 mpls 16,17\n"},
	{LINK_ETHERNET, 0, ETHERNET "88 64 11 00 00 05 00 22 00 21" IPV4_UDP,
	 TIME "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4 pppoe 5\n"},
	/* Wrong checksums */
	{LINK_RAW, 0,
	 "45 00 00 28 00 00 00 00 40 06 00 00 0a 09 00 01 0a 09 00 02 "
	 "00 01 00 02 00 00 00 03 00 00 00 04 50 12 00 05 00 06 00 07",
	 TIME "TCP 10.9.0.1:1 > 10.9.0.2:2         S. seq 3 ack 4 win 5 [bad IP checksum] [bad TCP checksum]\n"},
	{LINK_RAW, 0, "45 10 00 20 1f 2e 40 00 40 11 07 7b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00 0c 8a 86 61 62 63 64",
	 TIME "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4 [bad UDP checksum]\n"},
	/* Cut, after as many fields as there are */
	{LINK_ETHERNET, 60, "02 00 00", TIME "ethernet                                  length 49 [truncated]\n"},
	{LINK_RAW, 35, "45 10 00 2c 1f 2e 40 00 40", TIME "IPv4                                [truncated]\n"},
	{LINK_RAW, 28, "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01",
	 TIME "TCP 10.9.0.1                        [truncated]\n"},
	{LINK_RAW, 21, "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01 0a 09 00 02 9c 40 00",
	 TIME "TCP 10.9.0.1:40000 > 10.9.0.2       [truncated]\n"},
	{LINK_RAW, 16, "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01 0a 09 00 02 9c 40 00 50 12 34 56 78",
	 TIME "TCP 10.9.0.1:40000 > 10.9.0.2:80    seq 305419896 [truncated]\n"},
	{LINK_RAW, 3, "45 10 00 20 1f 2e 40 00 40 11 07 7b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00 0c 8a 85 61",
	 TIME "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n"},
	/* Contradictory */
	{LINK_RAW, 0, "45 10 00 20 1f 2e 40 00 40 11 07 7b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00 05 00 00 61 62 63 64",
	 TIME "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4 [malformed: UDP length below 8]\n"},
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
			    "eth0 in  ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ethertype 0x0800 (IPv4)"
			    " vlan 10 priority 3 tpid 0x8100 UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	incoming(&decoded, LINK_ETHERNET, ETHERNET "08 06 00 01", 0);
	assert_string_equal(
		printed(out_brief_open, &style, &decoded.packet),
		"eth0 in  ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ethertype 0x0806 (ARP) length 2\n");
}

static void what_is_unknown_is_left_out(void **state)
{
	const struct style style = {.time = TIME_CLOCK, .interfaces = true};
	struct decoded decoded = {.frame = {.direction = DIRECTION_OUT}};

	(void)state;
	decode_hex(&decoded, LINK_RAW, IPV4_UDP, 0);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "out      UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	decoded.frame.direction = DIRECTION_UNKNOWN;
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
}

static void dumps(void **state)
{
	const struct style hexdump = {.time = TIME_NONE, .hexdump = true};
	const struct style link = {.time = TIME_NONE, .hexdump = true, .link = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_ETHERNET, ETHERNET "08 00" FRAG4_LATER "00 00 00 00", 0);
	assert_string_equal(printed(out_brief_open, &hexdump, &decoded.packet),
			    "UDP 10.9.0.1 > 10.9.0.2             length 8 fragment id 0x1f2e offset 16\n"
			    "0000   45 10 00 1C 1F 2E 00 02 40 11 47 7D 0A 09 00 01   E.......@.G}....\n"
			    "0010   0A 09 00 02 61 62 63 64 65 66 67 68               ....abcdefgh\n");
	assert_string_equal(printed(out_brief_open, &link, &decoded.packet),
			    "eth0 in  ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ethertype 0x0800 (IPv4)"
			    " UDP 10.9.0.1 > 10.9.0.2             length 8 fragment id 0x1f2e offset 16\n"
			    "0000   02 00 00 00 00 02 02 00 00 00 00 01 08 00 45 10   ..............E.\n"
			    "0010   00 1C 1F 2E 00 02 40 11 47 7D 0A 09 00 01 0A 09   ......@.G}......\n"
			    "0020   00 02 61 62 63 64 65 66 67 68 00 00 00 00         ..abcdefgh....\n");
}

/* With -A, the first text of the payload, on the same line. */
static void text_of_the_payload(void **state)
{
	static const struct {
		const char *payload, *text;
	} rows[] = {
		{"", ""},
		{"00 01 02", ""},
		{"61", " \"a\""},
		{"61 00", ""},
		{"47 45 54 20 2f 0d 0a 48 6f 73 74", " \"GET /\""},
		{"41 42 43 00 7e 20 22 41 42 43 7f", " \"~ \"ABC\""},
		{"00 00 00 61 62 63 64 65", ""},
		{"61 62 63 64 00", " \"abcd\""},
	};
	const struct style style = {.time = TIME_NONE, .ascii = true};
	struct decoded decoded;
	uint8_t bytes[200] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char line[128];

		incoming(&decoded, LINK_RAW, IPV4_UDP, 0);
		decoded.packet.payload.captured = from_hex(rows[i].payload, bytes);
		decoded.packet.payload.bytes = bytes;
		snprintf(line, sizeof(line), "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4%s\n", rows[i].text);
		assert_string_equal(printed(out_brief_open, &style, &decoded.packet), line);
	}
	/* At most 48 characters, which begin within 32 bytes */
	memset(bytes, 0, sizeof(bytes));
	memset(bytes + 31, 'x', sizeof(bytes) - 31);
	decoded.packet.payload.captured = sizeof(bytes);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4"
			    " \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n");
	bytes[31] = 0;
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
}

#define RED   "\033[1;31m"
#define PLAIN "\033[0m"

/* What is wrong with a packet has a color, and fields have none. */
static void colors(void **state)
{
	const struct style style = {.time = TIME_NONE, .color = true};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_ETHERNET, ETHERNET "08 06 00 01", 10);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "ARP 02:00:00:00:00:01 > 02:00:00:00:00:02 length 12\n");
	incoming(&decoded, LINK_RAW, "45", 19);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "IPv4                                " RED "[truncated]" PLAIN "\n");
	incoming(&decoded, LINK_RAW, IPV4_UDP, 0);
	decoded.packet.udp.checksum_status = CHECKSUM_BAD;
	decoded.packet.malformed = "why";
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4 " RED "[bad UDP checksum]" PLAIN " " RED
			    "[malformed: why]" PLAIN "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_packet),        cmocka_unit_test(link_level),
		cmocka_unit_test(what_is_unknown_is_left_out), cmocka_unit_test(dumps),
		cmocka_unit_test(text_of_the_payload),         cmocka_unit_test(colors),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
