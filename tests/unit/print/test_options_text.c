/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "decoded.h"
#include "print/header_options.h"
#include "print/ip_options.h"
#include "print/tcp_options.h"

enum { RANDOM_LISTS = 200000, OPTIONS_MAX = 40 };

typedef char *text_function(char *at, const uint8_t *options, unsigned int captured, unsigned int length);

struct options_case {
	const char *hex;
	unsigned int missing; /* bytes that were not captured */
	const char *text;
};

static const struct options_case tcp_cases[] = {
	{"020405b4 0402 080a 00000001 00000000 01 030307", 0, "mss 1460, sackOK, timestamp 1 0, nop, wscale 7"},
	{"0101 0512 00000001 00000002 ffffffff 00000000", 0, "nop, nop, sack 1:2 4294967295:0"},
	{"0506 00000001", 0, "sack 00000001"},
	{"0502", 0, "sack"},
	{"00", 0, "eol"},
	{"020405b4 00 000000", 0, "mss 1460, eol"},
	{"00 0102", 0, "eol, padding 0102"},
	{"1312 000102030405060708090a0b0c0d0e0f", 0, "md5 000102030405060708090a0b0c0d0e0f"},
	{"1d04 0102", 0, "ao keyid 1 rnextkeyid 2"},
	{"1d08 01ff deadbeef", 0, "ao keyid 1 rnextkeyid 255 mac deadbeef"},
	{"2202", 0, "tfo request"},
	{"220a 0123456789abcdef", 0, "tfo cookie 0123456789abcdef"},
	{"1e04 0181", 0, "mptcp capable 0181"},
	{"1e03 10", 0, "mptcp join 10"},
	{"1e04 2001 1e03 30 1e03 40 1e03 50", 0,
	 "mptcp dss 2001, mptcp add-addr 30, mptcp remove-addr 40, mptcp prio 50"},
	{"1e03 60 1e03 70 1e03 80 1e03 90", 0,
	 "mptcp fail 60, mptcp fastclose 70, mptcp tcprst 80, mptcp subtype 9 90"},
	{"1e03 f0", 0, "mptcp experimental f0"},
	{"fd04 beef fe02", 0, "option 253 beef, option 254"},
	{"01 0203 05b4", 0, "nop, [malformed: mss length 3] 020305b4"},
	{"0200 05b4", 0, "[malformed: mss length 0] 020005b4"},
	{"fd01", 0, "[malformed: option 253 length 1] fd01"},
	{"fd05 aabb", 0, "[malformed: option 253 length 5] fd05aabb"},
	{"01 03", 0, "nop, [malformed: wscale without length] 03"},
	{"01 02", 3, "nop, mss"},
	{"0204 05", 1, "mss 05"},
	{"fd08 aabb", 4, "option 253 aabb"},
	{"fd09 aabb", 4, "[malformed: option 253 length 9] fd09aabb"},
};

static const struct options_case ip_cases[] = {
	{"94040000 01 00", 0, "router-alert 0, nop, eol"},
	{"070b 08 0a090001 00000000 00", 0, "record-route pointer 8 10.9.0.1 0.0.0.0, eol"},
	{"0706 04 0a0900", 0, "record-route pointer 4 0a0900"},
	{"8307 04 0a090909 01 8907 08 c0000201", 0,
	 "loose-source-route pointer 4 10.9.9.9, nop, strict-source-route pointer 8 192.0.2.1"},
	{"440c 05 00 00000001 00000002", 0, "timestamp pointer 5 overflow 0 flag 0 1 2"},
	{"440c 0d 21 0a090001 0000ffff", 0, "timestamp pointer 13 overflow 2 flag 1 10.9.0.1 65535"},
	{"440c 05 03 0a090001 00000000", 0, "timestamp pointer 5 overflow 0 flag 3 10.9.0.1 0"},
	{"4408 05 02 0a090001", 0, "timestamp pointer 5 overflow 0 flag 2 0a090001"},
	{"820b 0000 0000 0000 000000", 0, "security 000000000000000000"},
	{"8804 1234", 0, "stream-id 4660"},
	{"8603 01", 0, "option 134 01"},
	{"8302 04", 0, "[malformed: loose-source-route length 2] 830204"},
};

static void assert_options(text_function *function, const struct options_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[HEADER_OPTIONS_TEXT_MAX];
		uint8_t bytes[OPTIONS_MAX];
		uint32_t captured = from_hex(cases[i].hex, bytes);

		*function(text, bytes, captured, captured + cases[i].missing) = '\0';
		assert_string_equal(text, cases[i].text);
	}
}

static void tcp(void **state)
{
	(void)state;
	assert_options(tcp_options_text, tcp_cases, sizeof(tcp_cases) / sizeof(tcp_cases[0]));
}

static void ip(void **state)
{
	(void)state;
	assert_options(ip_options_text, ip_cases, sizeof(ip_cases) / sizeof(ip_cases[0]));
}

/* Lists of likely kinds and lengths, at the end of what may be read: none gives more text than is promised. */
static void any_list_fits(void **state)
{
	static const uint8_t likely[] = {0,  1,  2,  3,  4,  5,   6,   7,   8,   10,  11,  18,
					 19, 29, 30, 34, 68, 130, 131, 136, 137, 148, 253, 255};
	char text[HEADER_OPTIONS_TEXT_MAX];

	(void)state;
	for (int i = 0; i < RANDOM_LISTS; i++) {
		unsigned int length = (unsigned int)lrand48() % (OPTIONS_MAX + 1);
		unsigned int captured = length ? (unsigned int)lrand48() % (length + 1) : 0;
		uint8_t *options = guarded_end() - captured;

		for (unsigned int j = 0; j < captured; j++)
			options[j] = likely[(size_t)lrand48() % sizeof(likely)];
		assert_in_range(tcp_options_text(text, options, captured, length) - text, 0, sizeof(text));
		assert_in_range(ip_options_text(text, options, captured, length) - text, 0, sizeof(text));
		assert_in_range(tcp_options_relative(text, options, captured, length, 7) - text, 0, sizeof(text));
		assert_in_range(tcp_options_short(text, options, captured) - text, 0, sizeof(text));
	}
}

/* As far as they are whole. */
static void tcp_in_short(void **state)
{
	static const struct options_case short_cases[] = {
		{"020405b4 0402 080a 00000001 00000000 01 030307", 0, " mss 1460 sackOK timestamp wscale 7"},
		{"020405b4 00 0402", 0, " mss 1460"},
		{"2202 fd04 beef 1e03 10", 0, " tfo option 253 mptcp"},
		{"0203 05 030407 00", 0, " mss wscale"},
		{"0402 0204 05", 0, " sackOK"},
		{"0402 0201 05b4", 0, " sackOK"},
		{"0402 02", 0, " sackOK"},
		{"", 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(short_cases) / sizeof(short_cases[0]); i++) {
		uint8_t options[OPTIONS_MAX];
		char text[HEADER_OPTIONS_TEXT_MAX];
		uint32_t captured = from_hex(short_cases[i].hex, options);

		*tcp_options_short(text, options, captured) = '\0';
		assert_string_equal(text, short_cases[i].text);
	}
}

/* Edges of SACK, as far as they are whole, counted from another number; it may be beyond the wrap. */
static void relative_edges(void **state)
{
	static const struct options_case relative_cases[] = {
		{"0101 0512 00000011 00000021 00000031 0000000f", 0, "nop, nop, sack 1:17 33:4294967295"},
		{"050a 00000011 00000021 0402 080a 00000011 00000011", 0, "sack 1:17, sackOK, timestamp 17 17"},
		{"050a 00000011 0000", 4, "sack 000000110000"},
		{"0506 00000011", 0, "sack 00000011"},
		{"0501 00000011", 0, "[malformed: sack length 1] 050100000011"},
		{"05", 9, "sack"},
		{"0500 00000011", 0, "[malformed: sack length 0] 050000000011"},
		{"00 0506 00000011", 0, "eol, padding 050600000011"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(relative_cases) / sizeof(relative_cases[0]); i++) {
		uint8_t options[OPTIONS_MAX];
		char text[HEADER_OPTIONS_TEXT_MAX];
		uint32_t captured = from_hex(relative_cases[i].hex, options);
		uint32_t length = captured + relative_cases[i].missing;

		*tcp_options_relative(text, options, captured, length, 16) = '\0';
		assert_string_equal(text, relative_cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp),           cmocka_unit_test(ip),
		cmocka_unit_test(tcp_in_short),  cmocka_unit_test(relative_edges),
		cmocka_unit_test(any_list_fits),
	};

	srand48(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
