/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PREFIX_H
#define BPFSNIFF_PREFIX_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"

/* An address prefix that the user gave: 16 bytes in network byte order, IPv4 mapped, host bits zero. */
struct prefix {
	uint64_t address[2];
	uint8_t bits;  /* 0 to 128; of IPv4 96 to 128 */
	uint8_t lists; /* bits of enum list */
};

struct prefix_list {
	struct prefix *items;
	size_t count;
	size_t size;
};

/* "10.0.0.0/8", "192.0.2.1", "2001:db8::/32", ... `text` need not be terminated. Host bits are cleared. 0 or -EINVAL.
 */
int prefix_parse(const char *text, size_t length, struct prefix *prefix);

/* The mask of a prefix length, in network byte order. */
void prefix_mask(unsigned int bits, uint64_t mask[2]);

/* 0 or -ENOMEM. */
int prefix_list_add(struct prefix_list *list, const struct prefix *prefix);
void prefix_list_release(struct prefix_list *list);

#endif
