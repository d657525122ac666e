/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/interface_table.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { LOOPBACK_IFINDEX = 1 }; /* in every network namespace (drivers/net/loopback.c); the filter goes by it too */

static struct interface *new_interface(const struct interface_table *table, int fd, const struct interface_key *key)
{
	struct interface *interface = calloc(1, sizeof(*interface));
	struct ifreq request = {.ifr_ifindex = (int)key->index};

	if (!interface)
		return NULL;
	interface->id = (uint32_t)table->count;
	interface->index = key->index;
	interface->hardware_type = key->hardware_type;
	interface->link_type = key->link_type;
	interface->snaplen = table->snaplen;
	interface->loopback = key->index == LOOPBACK_IFINDEX;
	if (!ioctl(fd, SIOCGIFNAME, &request))
		interface->name = strndup(request.ifr_name, IFNAMSIZ);
	return interface;
}

static struct interface *add(struct interface_table *table, int fd, const struct interface_key *key)
{
	if (table->count == table->size) {
		size_t size = table->size ? table->size * 2 : 16;
		struct interface **items = realloc(table->items, size * sizeof(struct interface *));

		if (!items)
			return NULL;
		table->items = items;
		table->size = size;
	}
	table->items[table->count] = new_interface(table, fd, key);
	return table->items[table->count] ? table->items[table->count++] : NULL;
}

static bool has_key(const struct interface *interface, const struct interface_key *key)
{
	return interface->index == key->index && interface->hardware_type == key->hardware_type &&
	       interface->link_type == key->link_type;
}

const struct interface *interface_table_get(struct interface_table *table, int fd, const struct interface_key *key)
{
	struct interface *found = NULL;

	if (table->last && has_key(table->last, key))
		return table->last;
	for (size_t i = 0; i < table->count && !found; i++)
		if (has_key(table->items[i], key))
			found = table->items[i];
	if (!found)
		found = add(table, fd, key);
	if (!found) {
		table->nameless.link_type = key->link_type;
		return &table->nameless;
	}
	table->last = found;
	return found;
}

void interface_table_release(struct interface_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		free((char *)table->items[i]->name);
		free(table->items[i]);
	}
	free(table->items);
	*table = (struct interface_table){0};
}
