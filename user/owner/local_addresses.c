/* SPDX-License-Identifier: BSD-2-Clause */
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "owner/owner_internal.h"

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}; /* RFC 4291, 2.5.5.2 */

/* False for other families. */
static bool map_address(const struct sockaddr *address, __u64 result[2])
{
	uint8_t bytes[16];

	if (!address || (address->sa_family != AF_INET && address->sa_family != AF_INET6))
		return false;
	if (address->sa_family == AF_INET) {
		memcpy(bytes, mapped, sizeof(mapped));
		memcpy(bytes + 12, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
	} else {
		memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
	}
	memcpy(result, bytes, sizeof(bytes));
	return true;
}

static void add(struct local_addresses *local, const struct sockaddr *address)
{
	__u64(*grown)[2], found[2];

	if (!map_address(address, found) || local_addresses_have(local, found))
		return;
	grown = reallocarray(local->addresses, local->count + 1, sizeof(*grown));
	if (!grown)
		return;
	local->addresses = grown;
	memcpy(local->addresses[local->count++], found, sizeof(found));
}

void local_addresses_read(struct local_addresses *local)
{
	struct ifaddrs *all;

	if (getifaddrs(&all))
		return;
	for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
		add(local, one->ifa_addr);
		if (one->ifa_flags & IFF_BROADCAST)
			add(local, one->ifa_broadaddr);
	}
	freeifaddrs(all);
}

bool local_addresses_have(const struct local_addresses *local, const __u64 address[2])
{
	uint8_t bytes[16];

	memcpy(bytes, address, sizeof(bytes));
	if (!memcmp(bytes, mapped, sizeof(mapped)) &&
	    (bytes[12] == 127 || (bytes[12] & 0xf0) == 0xe0 || !memcmp(bytes + 12, "\xff\xff\xff\xff", 4)))
		return true;
	if (bytes[0] == 0xff)
		return true;
	for (size_t i = 0; i < local->count; i++)
		if (!memcmp(local->addresses[i], address, sizeof(local->addresses[i])))
			return true;
	return false;
}

void local_addresses_release(struct local_addresses *local)
{
	free(local->addresses);
}
