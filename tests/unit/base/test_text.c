/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"

enum { RANDOM_VALUES = 200000 };

static char text[TEXT_IPV6_MAX + TEXT_OVERRUN];

/* Terminate the text that an appender left in `text`. */
static const char *ended(char *end)
{
	*end = '\0';
	return text;
}

static void assert_decimal(uint64_t value)
{
	char expected[TEXT_U64_MAX + 1];

	snprintf(expected, sizeof(expected), "%" PRIu64, value);
	assert_string_equal(ended(text_u64(text, value)), expected);
	if (value <= UINT32_MAX)
		assert_string_equal(ended(text_u32(text, (uint32_t)value)), expected);
}

static void decimals(void **state)
{
	(void)state;
	assert_decimal(0);
	for (uint64_t power = 1; power <= UINT64_MAX / 10; power *= 10) {
		assert_decimal(power);
		assert_decimal(power - 1);
		assert_decimal(power + 1);
		assert_decimal(power * 10 - 1);
	}
	assert_decimal(UINT32_MAX);
	assert_decimal((uint64_t)UINT32_MAX + 1);
	assert_decimal(UINT64_MAX);
	for (int i = 0; i < RANDOM_VALUES; i++)
		assert_decimal((uint64_t)mrand48() << 32 >> (lrand48() & 63));
}

static void fixed_width(void **state)
{
	(void)state;
	assert_string_equal(ended(text_2_digits(text, 0)), "00");
	assert_string_equal(ended(text_2_digits(text, 7)), "07");
	assert_string_equal(ended(text_2_digits(text, 99)), "99");
	assert_string_equal(ended(text_9_digits(text, 0)), "000000000");
	assert_string_equal(ended(text_9_digits(text, 10203)), "000010203");
	assert_string_equal(ended(text_9_digits(text, 123456789)), "123456789");
	assert_string_equal(ended(text_9_digits(text, 999999999)), "999999999");
}

static void hexadecimal(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x0f, 0xa0, 0xff, 0x5c};

	(void)state;
	assert_string_equal(ended(text_hex(text, 0x1b3f, 4)), "1b3f");
	assert_string_equal(ended(text_hex(text, 0x5, 4)), "0005");
	assert_string_equal(ended(text_hex(text, 0xabcde, 1)), "e");
	assert_string_equal(ended(text_hex(text, 0xdeadbeef, 8)), "deadbeef");
	assert_string_equal(ended(text_hex_bytes(text, bytes, sizeof(bytes))), "000fa0ff5c");
	assert_string_equal(ended(text_hex_bytes(text, bytes, 0)), "");
}

static void strings(void **state)
{
	static const struct text_word word = TEXT_WORD("destination options");

	(void)state;
	assert_string_equal(ended(text_string(text, "seq ")), "seq ");
	assert_string_equal(ended(text_string(text, "")), "");
	assert_string_equal(ended(text_word(text, &word)), "destination options");
	assert_string_equal(ended(text_gap(text, 1)), " ");
	assert_string_equal(ended(text_gap(text, 2)), "  ");
	assert_string_equal(ended(text_field(text, " ttl ", 64)), " ttl 64");
	assert_string_equal(ended(text_field_hex(text, " id ", 0x1f2e, 4)), " id 0x1f2e");
}

static void ipv4(void **state)
{
	(void)state;
	for (int i = 0; i < 256; i++) {
		uint8_t address[4] = {(uint8_t)i, (uint8_t)(i * 7), (uint8_t)(255 - i), (uint8_t)(i ^ 0x55)};
		char expected[INET_ADDRSTRLEN];

		inet_ntop(AF_INET, address, expected, sizeof(expected));
		assert_string_equal(ended(text_ipv4(text, address)), expected);
	}
}

static void assert_ipv6(const uint8_t *address)
{
	char expected[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, address, expected, sizeof(expected));
	assert_string_equal(ended(text_ipv6(text, address)), expected);
}

/* Every pattern of zero groups, every width of a group, and IPv4 addresses within IPv6. */
static void ipv6(void **state)
{
	static const char *const special[] = {
		"::",      "::1",         "::1.2.3.4",  "::ffff:1.2.3.4",   "::fffe:1.2.3.4",    "::ffff:0:1.2.3.4",
		"1::",     "::1:2",       "::ffff:0:0", "64:ff9b::1.2.3.4", "2001:db8::1:0:0:1", "2001:db8:0:1:1:1:1:1",
		"fe80::1", "::0.0.255.1", "0:0:1::",    "1:0:0:2:0:0:0:3",
	};
	uint8_t address[16];

	(void)state;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		assert_int_equal(inet_pton(AF_INET6, special[i], address), 1);
		assert_ipv6(address);
	}
	for (int i = 0; i < RANDOM_VALUES; i++) {
		long zeros = lrand48();

		for (size_t group = 0; group < 8; group++) {
			uint32_t value = zeros >> group & 1 ? 0 : (uint32_t)lrand48() >> (lrand48() & 15) & 0xffff;

			address[2 * group] = (uint8_t)(value >> 8);
			address[2 * group + 1] = (uint8_t)value;
		}
		assert_ipv6(address);
	}
}

static void mac(void **state)
{
	static const uint8_t address[6] = {0x02, 0x00, 0x5e, 0xff, 0x00, 0xa1};

	(void)state;
	assert_string_equal(ended(text_mac(text, address)), "02:00:5e:ff:00:a1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimals), cmocka_unit_test(fixed_width), cmocka_unit_test(hexadecimal),
		cmocka_unit_test(strings),  cmocka_unit_test(ipv4),        cmocka_unit_test(ipv6),
		cmocka_unit_test(mac),
	};

	srand48(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
