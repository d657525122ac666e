/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/interface_table.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "capture/interface_query.h"

static struct interface *new_interface(const struct interface_table *table, int fd, unsigned int index,
				       uint16_t hardware_type)
{
	struct interface *interface = calloc(1, sizeof(*interface));
	struct ifreq request = {.ifr_ifindex = (int)index};

	if (!interface)
		return NULL;
	interface->id = (uint32_t)table->count;
	interface->index = index;
	interface->link_type = interface_link_type_of(hardware_type);
	interface->snaplen = table->snaplen;
	interface->loopback = hardware_type == ARPHRD_LOOPBACK;
	if (!ioctl(fd, SIOCGIFNAME, &request))
		interface->name = strndup(request.ifr_name, IFNAMSIZ);
	return interface;
}

static struct interface *add(struct interface_table *table, int fd, unsigned int index, uint16_t hardware_type)
{
	if (table->count == table->size) {
		size_t size = table->size ? table->size * 2 : 16;
		struct interface **items = realloc(table->items, size * sizeof(struct interface *));

		if (!items)
			return NULL;
		table->items = items;
		table->size = size;
	}
	table->items[table->count] = new_interface(table, fd, index, hardware_type);
	return table->items[table->count] ? table->items[table->count++] : NULL;
}

const struct interface *interface_table_get(struct interface_table *table, int fd, unsigned int index,
					    uint16_t hardware_type)
{
	static const struct interface unknown = {.link_type = LINK_UNKNOWN};
	struct interface *found = NULL;

	if (table->last && table->last->index == index)
		return table->last;
	for (size_t i = 0; i < table->count && !found; i++)
		if (table->items[i]->index == index)
			found = table->items[i];
	if (!found)
		found = add(table, fd, index, hardware_type);
	if (!found)
		return &unknown;
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
