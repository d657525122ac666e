/* SPDX-License-Identifier: BSD-2-Clause */
#include "interface_table.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RAWIP = 519 /* ARPHRD_RAWIP, which older headers do not have */ };

/* What frames begin with on a device of this kind, as a packet socket of type SOCK_RAW gets them. */
static uint16_t link_type_of(uint16_t hardware_type)
{
	switch (hardware_type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return LINK_ETHERNET;
	case ARPHRD_NONE:
	case ARPHRD_PPP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case RAWIP:
		return LINK_RAW;
	case ARPHRD_IEEE80211:
		return LINK_IEEE802_11;
	case ARPHRD_IEEE80211_PRISM:
		return LINK_IEEE802_11_PRISM;
	case ARPHRD_IEEE80211_RADIOTAP:
		return LINK_IEEE802_11_RADIOTAP;
	default:
		return LINK_UNKNOWN;
	}
}

static struct interface *new_interface(const struct interface_table *table, int fd, unsigned int index,
				       uint16_t hardware_type)
{
	struct interface *interface = calloc(1, sizeof(*interface));
	struct ifreq request = {.ifr_ifindex = (int)index};

	if (!interface)
		return NULL;
	interface->id = (uint32_t)table->count;
	interface->index = index;
	interface->link_type = link_type_of(hardware_type);
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

/* Ask the kernel about the device of a name, with an ioctl of netdevice(7). */
static bool ask(const char *name, unsigned long what, struct ifreq *answer)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool answered;

	if (fd < 0)
		return false;
	*answer = (struct ifreq){0};
	strncpy(answer->ifr_name, name, IFNAMSIZ - 1);
	answered = ioctl(fd, what, answer) == 0;
	close(fd);
	return answered;
}

uint16_t interface_link_type(const char *name)
{
	struct ifreq answer;

	return ask(name, SIOCGIFHWADDR, &answer) ? link_type_of(answer.ifr_hwaddr.sa_family) : LINK_UNKNOWN;
}

bool interface_is_up(const char *name)
{
	struct ifreq answer;

	return ask(name, SIOCGIFFLAGS, &answer) && answer.ifr_flags & IFF_UP;
}

void interface_table_free(struct interface_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		free((char *)table->items[i]->name);
		free(table->items[i]);
	}
	free(table->items);
	*table = (struct interface_table){0};
}
