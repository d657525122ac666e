/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/prefix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "filter/list_values.h"

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
	char word[LIST_WORD_MAX], *slash;
	uint64_t mask[2];
	bool ipv4;

	if (list_word_copy(text, length, word))
		return -EINVAL;
	slash = strchr(word, '/');
	if (slash)
		*slash = '\0';
	ipv4 = inet_pton(AF_INET, word, bytes + 12) == 1;
	if (!ipv4 && inet_pton(AF_INET6, word, bytes) != 1)
		return -EINVAL;
	if (slash) {
		if (list_number_parse(slash + 1, ipv4 ? 32 : 128, &bits))
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

void prefix_list_release(struct prefix_list *list)
{
	free(list->items);
	*list = (struct prefix_list){0};
}
