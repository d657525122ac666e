/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/checksum.h"

#include <string.h>

/* Ones' complement: the carry is added at the low end. */
static uint64_t add(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
}

/* Less than 16 bytes; what is missing of the last word is zero (RFC 1071, 4.1). Most packets are short, and a call of
 * memcpy() would take longer than the sum. */
static uint64_t add_rest(uint64_t sum, const uint8_t *at, size_t length)
{
	uint64_t eight = 0;
	uint32_t four = 0;
	uint16_t two = 0, last = 0;

	if (length & 8)
		memcpy(&eight, at, 8);
	at += length & 8;
	if (length & 4)
		memcpy(&four, at, 4);
	at += length & 4;
	if (length & 2)
		memcpy(&two, at, 2);
	at += length & 2;
	if (length & 1)
		memcpy(&last, at, 1);
	return add(add(sum, eight), (uint64_t)four + two + last);
}

uint64_t checksum_add(uint64_t sum, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	uint64_t other = 0, words[2];

	for (; length >= sizeof(words); length -= sizeof(words), at += sizeof(words)) {
		memcpy(words, at, sizeof(words));
		sum = add(sum, words[0]);
		other = add(other, words[1]);
	}
	return add_rest(add(sum, other), at, length);
}

bool checksum_proves(uint64_t sum)
{
	/* Each step halves the width and leaves at most one carry; 0xffff stands for zero (RFC 1071, 1). */
	sum = (sum >> 32) + (sum & 0xffffffff);
	sum = (sum >> 32) + (sum & 0xffffffff);
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	return sum == 0xffff;
}
