/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text.h"

#include <stdbool.h>

/* Two characters for each number, 0 to 99 and 0x00 to 0xff. */
#define TEN(tens)     tens "0" tens "1" tens "2" tens "3" tens "4" tens "5" tens "6" tens "7" tens "8" tens "9"
#define SIXTEEN(high) TEN(high) high "a" high "b" high "c" high "d" high "e" high "f"

static const char decimal_pairs[] =
	TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6") TEN("7") TEN("8") TEN("9");

static const char hex_pairs[] =
	SIXTEEN("0") SIXTEEN("1") SIXTEEN("2") SIXTEEN("3") SIXTEEN("4") SIXTEEN("5") SIXTEEN("6") SIXTEEN("7")
		SIXTEEN("8") SIXTEEN("9") SIXTEEN("a") SIXTEEN("b") SIXTEEN("c") SIXTEEN("d") SIXTEEN("e") SIXTEEN("f");

char *text_2_digits(char *at, uint32_t value)
{
	return mempcpy(at, decimal_pairs + 2 * (size_t)value, 2);
}

static inline char *four_digits(char *at, uint32_t value)
{
	return text_2_digits(text_2_digits(at, value / 100), value % 100);
}

/* The two halves do not depend on each other, so the CPU computes them in parallel. */
static inline char *eight_digits(char *at, uint32_t value)
{
	return four_digits(four_digits(at, value / 10000), value % 10000);
}

char *text_9_digits(char *at, uint32_t value)
{
	*at = (char)('0' + value / 100000000);
	return eight_digits(at + 1, value % 100000000);
}

static inline char *below_hundred(char *at, uint32_t value)
{
	if (value >= 10)
		return text_2_digits(at, value);
	*at = (char)('0' + value);
	return at + 1;
}

static inline char *below_ten_thousand(char *at, uint32_t value)
{
	if (value < 100)
		return below_hundred(at, value);
	return text_2_digits(below_hundred(at, value / 100), value % 100);
}

char *text_u32(char *at, uint32_t value)
{
	if (value < 10000)
		return below_ten_thousand(at, value);
	if (value < 100000000)
		return four_digits(below_ten_thousand(at, value / 10000), value % 10000);
	return eight_digits(below_hundred(at, value / 100000000), value % 100000000);
}

char *text_u64(char *at, uint64_t value)
{
	const uint32_t billion = 1000000000;

	if (value <= UINT32_MAX)
		return text_u32(at, (uint32_t)value);
	at = text_u64(at, value / billion);
	return text_9_digits(at, (uint32_t)(value % billion));
}

char *text_hex(char *at, uint32_t value, unsigned int width)
{
	for (unsigned int i = width; i-- > 0; value >>= 4)
		at[i] = hex_pairs[2 * (value & 0xf) + 1];
	return at + width;
}

char *text_hex_bytes(char *at, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		memcpy(at + 2 * i, hex_pairs + 2 * (size_t)bytes[i], 2);
	return at + 2 * count;
}

char *text_ipv4(char *at, const uint8_t *address)
{
	for (int i = 0; i < 4; i++) {
		at = below_ten_thousand(at, address[i]);
		*at++ = '.';
	}
	return at - 1;
}

/* A group of an IPv6 address: hexadecimal without leading zeros. */
static char *ipv6_group(char *at, uint16_t group)
{
	return text_hex(at, group, group < 0x10 ? 1 : group < 0x100 ? 2 : group < 0x1000 ? 3 : 4);
}

/* The start of the longest run of at least two zero groups, the first if several are equal (RFC 5952 section 4.2);
 * *length 0: none. */
static int ipv6_zero_run(const uint16_t *groups, int *length)
{
	int start = 0;

	*length = 1;
	for (int i = 0; i < 8; i++) {
		int end = i;

		while (end < 8 && !groups[end])
			end++;
		if (end - i > *length) {
			start = i;
			*length = end - i;
		}
		i = end;
	}
	if (*length == 1)
		*length = 0;
	return start;
}

char *text_ipv6(char *at, const uint8_t *address)
{
	uint16_t groups[8];
	int run_length;

	for (size_t i = 0; i < 8; i++)
		groups[i] = (uint16_t)(address[2 * i] << 8 | address[2 * i + 1]);
	int run = ipv6_zero_run(groups, &run_length);
	/* ::a.b.c.d and ::ffff:a.b.c.d (RFC 4291 section 2.5.5) */
	bool has_ipv4 = run == 0 && (run_length == 6 || (run_length == 5 && groups[5] == 0xffff));
	int count = has_ipv4 ? 6 : 8;

	for (int i = 0; i < count; i++) {
		if (run_length && i == run) {
			at = text_string(at, "::");
			i += run_length - 1;
			continue;
		}
		if (i && i != run + run_length)
			*at++ = ':';
		at = ipv6_group(at, groups[i]);
	}
	if (!has_ipv4)
		return at;
	if (run_length == 5)
		*at++ = ':';
	return text_ipv4(at, address + 12);
}

char *text_mac(char *at, const uint8_t *address)
{
	for (int i = 0; i < 6; i++) {
		at = text_hex_bytes(at, address + i, 1);
		*at++ = ':';
	}
	return at - 1;
}
