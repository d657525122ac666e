/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PREFIX_H
#define BPFSNIFF_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "byte_order.h"

/* An address prefix: 16 bytes in network byte order with host bits zero; IPv4 is mapped into IPv6 (RFC 4291, 2.5.5.2).
 */
struct prefix {
	uint64_t address[2];
	uint8_t bits;  /* 0 to 128; 96 to 128 for IPv4 */
	uint8_t lists; /* bits of enum list */
};

/* Prefixes in the order in which they were added; a zeroed list is empty. */
struct prefix_list {
	struct prefix *items;
	size_t count;
	size_t size;
};

/* Parse the first `length` bytes of a text, which need not be terminated: "10.0.0.0/8", "192.0.2.1", "2001:db8::/32".
 * Host bits are cleared; prefix->lists is left alone. 0 or -EINVAL. */
int prefix_parse(const char *text, size_t length, struct prefix *prefix);

/* The mask of a prefix length, in network byte order. */
void prefix_mask(unsigned int bits, uint64_t mask[2]);

/* Whether it is one of IPv4 addresses, which no shorter prefix covers: ::/0 means IPv6. */
static inline bool prefix_is_ipv4(const struct prefix *prefix)
{
	return prefix->bits >= IPV4_PREFIX_BITS && !prefix->address[0] &&
	       (prefix->address[1] & ADDRESS_HALF(0xffffffffu, 0)) == ADDRESS_MAPPED(0);
}

/* 0 or -ENOMEM. */
int prefix_list_add(struct prefix_list *list, const struct prefix *prefix);

/* Takes a zeroed list too. */
void prefix_list_release(struct prefix_list *list);

#endif
