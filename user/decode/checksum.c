/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/checksum.h"

#include <string.h>

/* Ones' complement: the carry is added at the low end. */
static uint64_t add(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
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
	memset(words, 0, sizeof(words));
	memcpy(words, at, length);
	return add(add(add(sum, other), words[0]), words[1]);
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
