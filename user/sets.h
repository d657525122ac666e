/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SETS_H
#define BPFSNIFF_SETS_H

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

/* Prefixes laid out for the look-up of include/prefix_set.h. */
struct prefix_table {
	struct prefix_slot *slots;
	uint32_t slot_count; /* a power of two; 0: there is no table */
	uint64_t *bloom;
	uint32_t bloom_count; /* a power of two */
	uint32_t length_count;
	struct prefix_length lengths[PREFIX_LENGTHS_MAX]; /* from the longest */
};

/* "10.0.0.0/8", "192.0.2.1", "2001:db8::/32", ... `text` need not be terminated. Host bits are cleared. 0 or -EINVAL.
 */
int prefix_parse(const char *text, size_t length, struct prefix *prefix);

/* The mask of a prefix length, in network byte order. */
void prefix_mask(unsigned int bits, uint64_t mask[2]);

/* 0 or -ENOMEM. */
int prefix_list_add(struct prefix_list *list, const struct prefix *prefix);
void prefix_list_free(struct prefix_list *list);

/* Sorts the list, merges what is equal, and lays it out. 0 or -ENOMEM. */
int prefix_table_build(struct prefix_list *list, struct prefix_table *table);
void prefix_table_free(struct prefix_table *table);

/* "53", "8000-8100", "https" (services(5)). 0 or -EINVAL. */
int port_range_parse(const char *text, size_t length, uint16_t *first, uint16_t *last);

/* "tcp", "icmp6", "132" (protocols(5)). The number, or -EINVAL. */
int protocol_parse(const char *text, size_t length);

/* "syn", "!ack". The bit of the flags byte (RFC 9293, 3.1) in *bit, whether it must be clear in *clear. 0 or -EINVAL.
 */
int tcp_flag_parse(const char *text, size_t length, uint8_t *bit, int *clear);

#endif
