/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi.h"
#include "filter/list_values.h"
#include "filter/prefix.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void prefixes(void **state)
{
	static const struct {
		const char *text, *address; /* as IPv6, mapped if need be */
		uint8_t bits;
	} rows[] = {
		{"192.0.2.1", "::ffff:192.0.2.1", 128},
		{"192.0.2.1/32", "::ffff:192.0.2.1", 128},
		{"255.255.255.255", "::ffff:255.255.255.255", 128},
		{"10.0.0.0/8", "::ffff:10.0.0.0", 104},
		{"10.1.2.3/8", "::ffff:10.0.0.0", 104},
		{"10.255.255.255/31", "::ffff:10.255.255.254", 127},
		{"172.31.255.255/12", "::ffff:172.16.0.0", 108},
		{"0.0.0.0/0", "::ffff:0.0.0.0", 96},
		{"192.0.2.1/0", "::ffff:0.0.0.0", 96},
		{"192.0.2.1/032", "::ffff:192.0.2.1", 128},
		{"::", "::", 128},
		{"::1", "::1", 128},
		{"::/0", "::", 0},
		{"2001:db8::1/0", "::", 0},
		{"2001:db8::/32", "2001:db8::", 32},
		{"2001:DB8:FFFF::/33", "2001:db8:8000::", 33},
		{"2001:db8::1:2:3:4/64", "2001:db8::", 64},
		{"2001:db8::8000:0:0:1/65", "2001:db8:0:0:8000::", 65},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", 127},
		{"2001:db8::192.0.2.1", "2001:db8::c000:201", 128},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1", 128},
		{"::ffff:192.0.2.1/120", "::ffff:192.0.2.0", 120},
		{"::ffff:0:0/96", "::ffff:0.0.0.0", 96},
		{"::ffff:0:0/95", "::fffe:0:0", 95},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct prefix prefix = {.lists = LIST_SOURCE};
		uint8_t wanted[16];

		assert_int_equal(inet_pton(AF_INET6, rows[i].address, wanted), 1);
		if (prefix_parse(rows[i].text, strlen(rows[i].text), &prefix))
			fail_msg("'%s' is refused", rows[i].text);
		if (memcmp(prefix.address, wanted, sizeof(wanted)) != 0 || prefix.bits != rows[i].bits)
			fail_msg("'%s' is not %s, %u bits but %u", rows[i].text, rows[i].address, rows[i].bits,
				 prefix.bits);
		assert_int_equal(prefix.lists, LIST_SOURCE);
	}
}

static void wrong_prefixes(void **state)
{
	static const char *const words[] = {
		"",
		" ",
		"/",
		"/8",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/+8",
		"10.0.0.0/ 8",
		"10.0.0.0/8 ",
		"10.0.0.0/8/8",
		"10.0.0.0/255.0.0.0",
		"10.0.0.0/0x8",
		"10.0.0.0/18446744073709551624",
		" 10.0.0.1",
		"10.0.0.1 ",
		"10.0.0",
		"10.0.0.",
		"10.0.0.0.0",
		"10.0.0.256",
		"10.0.0.1:80",
		"2001:db8::/129",
		"2001:db8::/",
		"2001:db8:::1",
		"2001:db8",
		"1:2:3:4:5:6:7:8:9",
		"::1%lo",
		"[::1]",
		"12345::",
		"localhost",
		"10.0.0.0/0000000000000000000000000000000000000000000000000000000000008",
	};
	struct prefix prefix;

	(void)state;
	for (size_t i = 0; i < LENGTH(words); i++)
		if (prefix_parse(words[i], strlen(words[i]), &prefix) != -EINVAL)
			fail_msg("'%s' is taken", words[i]);
}

/* Words of a list are not terminated. */
static void a_word_ends_where_its_length_says(void **state)
{
	struct prefix prefix;
	uint16_t first, last;
	uint8_t bit;
	int clear;

	(void)state;
	assert_int_equal(prefix_parse("10.0.0.0/24,x", 10, &prefix), 0);
	assert_int_equal(prefix.bits, 96 + 2);
	assert_int_equal(prefix_parse("10.0.0.0/24", 0, &prefix), -EINVAL);
	assert_int_equal(port_range_parse("8000-8100", 7, &first, &last), -EINVAL);
	assert_int_equal(port_range_parse("8000-81001", 9, &first, &last), 0);
	assert_int_equal(last, 8100);
	assert_int_equal(protocol_parse("tcp,udp", 3), 6);
	assert_int_equal(tcp_flag_parse("!syn,ack", 4, &bit, &clear), 0);
	assert_int_equal(tcp_flag_parse("!syn,ack", 1, &bit, &clear), -EINVAL);
	assert_int_equal(tcp_flag_parse("!syn,ack", 0, &bit, &clear), -EINVAL);
}

static void masks(void **state)
{
	(void)state;
	for (unsigned int bits = 0; bits < PREFIX_LENGTHS_MAX; bits++) {
		uint8_t wanted[16] = {0};
		uint64_t mask[2];

		for (unsigned int bit = 0; bit < bits; bit++)
			wanted[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
		prefix_mask(bits, mask);
		assert_memory_equal(mask, wanted, sizeof(wanted));
	}
}

static void ports(void **state)
{
	static const struct {
		const char *text;
		uint16_t first, last;
	} rows[] = {
		{"0", 0, 0},
		{"53", 53, 53},
		{"00053", 53, 53},
		{"65535", 65535, 65535},
		{"8000-8100", 8000, 8100},
		{"53-53", 53, 53},
		{"0-65535", 0, 65535},
		{"https", 443, 443},
		{"domain", 53, 53},
		{"iso-tsap", 102, 102},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		uint16_t first = 1, last = 1;

		if (port_range_parse(rows[i].text, strlen(rows[i].text), &first, &last))
			fail_msg("'%s' is refused", rows[i].text);
		if (first != rows[i].first || last != rows[i].last)
			fail_msg("'%s' is %u to %u", rows[i].text, first, last);
	}
}

static void wrong_ports(void **state)
{
	static const char *const words[] = {
		"",
		" 53",
		"53 ",
		"-",
		"-53",
		"+53",
		"53-",
		"65536",
		"53-65536",
		"65536-65537",
		"8100-8000",
		"1-2-3",
		"0x35",
		"5.3",
		"4294967349",
		"18446744073709551669",
		"no-such-service",
		"53-domain",
		"0000000000000000000000000000000000000000000000000000000000000053",
	};
	uint16_t first, last;

	(void)state;
	for (size_t i = 0; i < LENGTH(words); i++)
		if (port_range_parse(words[i], strlen(words[i]), &first, &last) != -EINVAL)
			fail_msg("'%s' is taken", words[i]);
}

static void protocols(void **state)
{
	static const struct {
		const char *text;
		int number;
	} rows[] = {
		{"0", 0},     {"255", 255}, {"006", 6},    {"tcp", 6},     {"TCP", 6},        {"udp", 17},
		{"icmp", 1},  {"igmp", 2},  {"gre", 47},   {"esp", 50},    {"ah", 51},        {"icmp6", 58},
		{"ospf", 89}, {"pim", 103}, {"sctp", 132}, {"icmpv6", 58}, {"ipv6-icmp", 58}, {"udplite", 136},
	};
	static const char *const wrong[] = {"",
					    " tcp",
					    "tcp ",
					    "256",
					    "-1",
					    "6x",
					    "0x6",
					    "all",
					    "no-such-protocol",
					    "0000000000000000000000000000000000000000000000000000000000000006"};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		if (protocol_parse(rows[i].text, strlen(rows[i].text)) != rows[i].number)
			fail_msg("'%s' is not %d", rows[i].text, rows[i].number);
	for (size_t i = 0; i < LENGTH(wrong); i++)
		if (protocol_parse(wrong[i], strlen(wrong[i])) != -EINVAL)
			fail_msg("'%s' is taken", wrong[i]);
}

static void tcp_flags(void **state)
{
	static const struct {
		const char *text;
		uint8_t bit;
		int clear;
	} rows[] = {
		{"fin", 0x01, 0},  {"syn", 0x02, 0},  {"rst", 0x04, 0},  {"psh", 0x08, 0},  {"ack", 0x10, 0},
		{"urg", 0x20, 0},  {"ece", 0x40, 0},  {"cwr", 0x80, 0},  {"SYN", 0x02, 0},  {"!fin", 0x01, 1},
		{"!syn", 0x02, 1}, {"!ack", 0x10, 1}, {"!cwr", 0x80, 1}, {"!Rst", 0x04, 1},
	};
	static const char *const wrong[] = {"", "!", "!!syn", "sy", "synack", "syn ", " syn", "! syn", "s", "2", "all"};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		uint8_t bit = 0;
		int clear = -1;

		if (tcp_flag_parse(rows[i].text, strlen(rows[i].text), &bit, &clear) || bit != rows[i].bit ||
		    clear != rows[i].clear)
			fail_msg("'%s' is bit %#x, clear %d", rows[i].text, bit, clear);
	}
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		uint8_t bit;
		int clear;

		if (tcp_flag_parse(wrong[i], strlen(wrong[i]), &bit, &clear) != -EINVAL)
			fail_msg("'%s' is taken", wrong[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes),
		cmocka_unit_test(wrong_prefixes),
		cmocka_unit_test(a_word_ends_where_its_length_says),
		cmocka_unit_test(masks),
		cmocka_unit_test(ports),
		cmocka_unit_test(wrong_ports),
		cmocka_unit_test(protocols),
		cmocka_unit_test(tcp_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
