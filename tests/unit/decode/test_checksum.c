/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "decode/checksum.h"

/* RFC 1071 word for word: 16-bit big-endian words, one at a time. */
static uint16_t reference(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i++) {
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
		sum = (sum >> 16) + (sum & 0xffff);
	}
	return (uint16_t)sum;
}

/* The example of RFC 1071, 3: the words add up to ddf2. */
static void rfc_example(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0x22, 0x0d};

	(void)state;
	assert_true(checksum_proves(checksum_add(0, bytes, sizeof(bytes))));
	assert_false(checksum_proves(checksum_add(0, bytes, sizeof(bytes) - 2)));
}

/* For every length and every alignment: with its checksum before it, anything adds up, and with another it does not. */
static void lengths_and_alignments(void **state)
{
	uint8_t bytes[2 + 8 + 130], checksum[2];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 151 + 0x9d);
	for (size_t start = 0; start < 8; start++) {
		for (size_t length = 0; length <= 130; length++) {
			uint16_t complement = (uint16_t)~reference(bytes + start, length);

			checksum[0] = (uint8_t)(complement >> 8);
			checksum[1] = (uint8_t)complement;
			assert_true(checksum_proves(checksum_add(checksum_add(0, checksum, 2), bytes + start, length)));
			checksum[1] ^= 1;
			assert_false(
				checksum_proves(checksum_add(checksum_add(0, checksum, 2), bytes + start, length)));
		}
	}
}

/* All ones: every addition carries. A superpacket is longer than what 16 bits count. */
static void carries(void **state)
{
	static uint8_t ones[70000];
	uint64_t sum;

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	sum = checksum_add(UINT64_MAX, ones, sizeof(ones));
	assert_true(checksum_proves(sum));
	assert_false(checksum_proves(checksum_add(sum, "\x00\x01", 2)));
	assert_true(checksum_proves(checksum_add(checksum_add(sum, "\x00\x01", 2), "\xff\xfe", 2)));
}

/* Only zeros add up to zero, and zeros prove nothing. */
static void zeros(void **state)
{
	static const uint8_t nothing[20];

	(void)state;
	assert_false(checksum_proves(checksum_add(0, nothing, sizeof(nothing))));
	assert_false(checksum_proves(checksum_add(0, nothing, 0)));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_example),
		cmocka_unit_test(lengths_and_alignments),
		cmocka_unit_test(carries),
		cmocka_unit_test(zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
