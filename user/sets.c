/* SPDX-License-Identifier: BSD-2-Clause */
#include "sets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 64 };

/* A terminated copy of a word, for the functions of libc. */
static int word_copy(const char *text, size_t length, char word[WORD_MAX])
{
	if (length == 0 || length >= WORD_MAX)
		return -EINVAL;
	memcpy(word, text, length);
	word[length] = '\0';
	return 0;
}

static int number_parse(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	*number = strtoul(text, &end, 10);
	return *end || *number > max ? -EINVAL : 0;
}

void prefix_mask(unsigned int bits, uint64_t mask[2])
{
	uint8_t bytes[16] = {0};

	memset(bytes, 0xff, bits / 8);
	if (bits % 8)
		bytes[bits / 8] = (uint8_t)(0xff00 >> bits % 8);
	memcpy(mask, bytes, sizeof(bytes));
}

int prefix_parse(const char *text, size_t length, struct prefix *prefix)
{
	uint8_t bytes[16] = {[10] = 0xff, [11] = 0xff};
	unsigned long bits = 128;
	char word[WORD_MAX], *slash;
	uint64_t mask[2];
	bool ipv4;

	if (word_copy(text, length, word))
		return -EINVAL;
	slash = strchr(word, '/');
	if (slash)
		*slash = '\0';
	ipv4 = inet_pton(AF_INET, word, bytes + 12) == 1;
	if (!ipv4 && inet_pton(AF_INET6, word, bytes) != 1)
		return -EINVAL;
	if (slash) {
		if (number_parse(slash + 1, ipv4 ? 32 : 128, &bits))
			return -EINVAL;
		bits += ipv4 ? IPV4_PREFIX_BITS : 0;
	}
	prefix_mask((unsigned int)bits, mask);
	memcpy(prefix->address, bytes, sizeof(bytes));
	prefix->address[0] &= mask[0];
	prefix->address[1] &= mask[1];
	prefix->bits = (uint8_t)bits;
	return 0;
}

int prefix_list_add(struct prefix_list *list, const struct prefix *prefix)
{
	if (list->count == list->size) {
		size_t size = list->size ? list->size * 2 : 64;
		struct prefix *items = realloc(list->items, size * sizeof(*items));

		if (!items)
			return -ENOMEM;
		list->items = items;
		list->size = size;
	}
	list->items[list->count++] = *prefix;
	return 0;
}

void prefix_list_free(struct prefix_list *list)
{
	free(list->items);
	*list = (struct prefix_list){0};
}

int port_range_parse(const char *text, size_t length, uint16_t *first, uint16_t *last)
{
	char word[WORD_MAX], *dash;
	unsigned long from, to;
	struct servent *service;

	if (word_copy(text, length, word))
		return -EINVAL;
	if (!number_parse(word, PORTS - 1, &from)) {
		*first = *last = (uint16_t)from;
		return 0;
	}
	dash = strchr(word, '-');
	if (dash && *word >= '0' && *word <= '9') {
		*dash = '\0';
		if (number_parse(word, PORTS - 1, &from) || number_parse(dash + 1, PORTS - 1, &to) || from > to)
			return -EINVAL;
		*first = (uint16_t)from;
		*last = (uint16_t)to;
		return 0;
	}
	service = getservbyname(word, NULL);
	if (!service)
		return -EINVAL;
	*first = *last = ntohs((uint16_t)service->s_port);
	return 0;
}

int protocol_parse(const char *text, size_t length)
{
	/* So that the usual names work where there is no /etc/protocols, and under the names that people use. */
	static const struct {
		const char *name;
		int number;
	} known[] = {
		{"icmp", 1}, {"igmp", 2},  {"tcp", 6},    {"udp", 17},   {"gre", 47},    {"esp", 50},
		{"ah", 51},  {"pim", 103}, {"sctp", 132}, {"icmp6", 58}, {"icmpv6", 58}, {"ospf", 89},
	};
	const struct protoent *protocol;
	char word[WORD_MAX];
	unsigned long number;

	if (word_copy(text, length, word))
		return -EINVAL;
	if (!number_parse(word, 255, &number))
		return (int)number;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcasecmp(word, known[i].name))
			return known[i].number;
	protocol = getprotobyname(word);
	return protocol ? protocol->p_proto : -EINVAL;
}

int tcp_flag_parse(const char *text, size_t length, uint8_t *bit, int *clear)
{
	static const char names[][4] = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};

	*clear = length > 0 && *text == '!';
	text += *clear;
	length -= (size_t)*clear;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (length == 3 && !strncasecmp(text, names[i], 3)) {
			*bit = (uint8_t)(1 << i);
			return 0;
		}
	}
	return -EINVAL;
}
