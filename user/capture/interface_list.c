/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/interface_list.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

static void print_addresses(const struct ifaddrs *all, const char *name)
{
	for (; all; all = all->ifa_next) {
		char text[INET6_ADDRSTRLEN];
		const void *address;

		if (!all->ifa_addr || strcmp(all->ifa_name, name) != 0)
			continue;
		if (all->ifa_addr->sa_family == AF_INET)
			address = &((const struct sockaddr_in *)all->ifa_addr)->sin_addr;
		else if (all->ifa_addr->sa_family == AF_INET6)
			address = &((const struct sockaddr_in6 *)all->ifa_addr)->sin6_addr;
		else
			continue;
		printf(" %s", inet_ntop(all->ifa_addr->sa_family, address, text, sizeof(text)));
	}
}

static void print_name(const struct if_nameindex *entry)
{
	char name[IF_NAMESIZE];

	*escape_terminal(name, entry->if_name, sizeof(name) - 1) = '\0';
	printf("%u.%s", entry->if_index, name);
}

static void print_flags(unsigned int flags)
{
	printf(" [%s%s%s]", flags & IFF_UP ? "up" : "down", flags & IFF_RUNNING ? ", running" : "",
	       flags & IFF_LOOPBACK ? ", loopback" : "");
}

int interface_list_print(void)
{
	struct if_nameindex *names = if_nameindex();
	struct ifaddrs *all;

	if (!names)
		return -errno;
	if (getifaddrs(&all)) {
		int ret = -errno;

		if_freenameindex(names);
		return ret;
	}
	for (const struct if_nameindex *entry = names; entry->if_index; entry++) {
		print_name(entry);
		for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
			if (strcmp(one->ifa_name, entry->if_name) != 0)
				continue;
			print_flags(one->ifa_flags);
			break;
		}
		print_addresses(all, entry->if_name);
		putchar('\n');
	}
	puts("any (every interface, including those that appear later)");
	freeifaddrs(all);
	if_freenameindex(names);
	return 0;
}
