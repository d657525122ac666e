/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/list_advice.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

#define NOT_A_PROTOCOL "is not an IP protocol, such as tcp, icmp6 or 132; all keeps every frame"

enum { PORT_MAX = 65535 };

/* Whether the first `length` bytes of a text are an address; its family, else 0. */
static int family_of(const char *text, size_t length)
{
	char address[INET6_ADDRSTRLEN];
	uint8_t bytes[16];

	if (length >= sizeof(address))
		return 0;
	memcpy(address, text, length);
	address[length] = '\0';
	return inet_pton(AF_INET, address, bytes) == 1    ? AF_INET
	       : inet_pton(AF_INET6, address, bytes) == 1 ? AF_INET6
							  : 0;
}

const char *list_advice_host(const char *item, char *buffer, size_t size)
{
	size_t zone = strcspn(item, "%"), slash = strcspn(item, "/"), dash = strcspn(item, "-");
	int family = family_of(item, slash);

	if (item[zone] && !item[zone + 1] && family_of(item, zone) == AF_INET6) {
		snprintf(buffer, size, "ends in a zone without a name; write %.*s", (int)zone, item);
		return buffer;
	}
	if (*item == '!' && family_of(item + 1, strcspn(item + 1, "/"))) {
		snprintf(buffer, size, "cannot be negated here; write --not-host=%s", item + 1);
		return buffer;
	}
	if (item[zone] && family_of(item, zone) == AF_INET6) {
		snprintf(buffer, size,
			 "has a zone, which packets do not carry; write %.*s, and -i %s to listen there only",
			 (int)zone, item, item + zone + 1);
		return buffer;
	}
	if (item[slash] && family) {
		snprintf(buffer, size, "has a wrong prefix length; %s has 0 to %d bits, such as %.*s/%d",
			 family == AF_INET ? "IPv4" : "IPv6", family == AF_INET ? 32 : 128, (int)slash, item,
			 family == AF_INET ? 24 : 64);
		return buffer;
	}
	if (item[dash] && family_of(item, dash))
		return "is a range of addresses; write prefixes, such as 10.0.0.0/8";
	if (*item == '[' || (strchr(item, ':') && family_of(item, strcspn(item, ":"))))
		return "has a port or brackets; write the address alone, and the port with --port";
	return "is not an address or prefix, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32";
}

const char *list_advice_port(const char *item, char *buffer, size_t size)
{
	size_t first = strspn(item, DIGITS), last = item[first] == '-' ? strspn(item + first + 1, DIGITS) : 0;
	bool is_range = first && last && !item[first + 1 + last];
	unsigned long from = strtoul(item, NULL, 10), to = is_range ? strtoul(item + first + 1, NULL, 10) : from;

	if (first && ((!item[first] && from > PORT_MAX) || (is_range && (from > PORT_MAX || to > PORT_MAX))))
		return "is too large; ports go from 0 to 65535";
	if (is_range && from > to) {
		snprintf(buffer, size, "is a reversed range; write %lu-%lu", to, from);
		return buffer;
	}
	if (*item == '!' && item[1]) {
		snprintf(buffer, size,
			 "cannot be negated here; write --not-port=%s, or an EXPRESSION such as 'not src port %s'",
			 item + 1, item + 1);
		return buffer;
	}
	if (first && item[first] == '-' && !item[first + 1]) {
		snprintf(buffer, size, "is half a range; write %.*s-65535", (int)first, item);
		return buffer;
	}
	if (*item == '-' && item[1] && !item[1 + strspn(item + 1, DIGITS)]) {
		snprintf(buffer, size, "is half a range; write 0%s", item);
		return buffer;
	}
	if (first && item[first] == ':' && item[first + 1] && !item[first + 1 + strspn(item + first + 1, DIGITS)]) {
		snprintf(buffer, size, "is not a range; write %.*s-%s", (int)first, item, item + first + 1);
		return buffer;
	}
	return "is not a port, a range or a service name, such as 53, 8000-8100 or https";
}

const char *list_advice_protocol(const char *item, char *buffer, size_t size)
{
	static const char *const outside[] = {"arp", "rarp", "ether", "lldp", "stp", "vlan", "mpls", "pppoes"};

	if (!strcasecmp(item, "ip") || !strcasecmp(item, "ip4") || !strcasecmp(item, "ipv4"))
		return "is not a protocol that IP carries; write the EXPRESSION ip for IPv4, all for every frame, or 0 "
		       "for "
		       "hop-by-hop "
		       "options";
	if (!strcasecmp(item, "ip6") || !strcasecmp(item, "ipv6"))
		return "is not a protocol that IP carries; write the EXPRESSION ip6 for IPv6, or 41 for IPv6 in IPv4";
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		if (!strcasecmp(item, outside[i]))
			return "is not a protocol that IP carries; write all, which keeps every frame, or an "
			       "EXPRESSION";
	if (*item == '!' && item[1]) {
		snprintf(buffer, size, "cannot be negated here; write --protocol=all and the EXPRESSION 'not %s'",
			 item + 1);
		return buffer;
	}
	if (getservbyname(item, NULL)) {
		snprintf(buffer, size, "is a service; write --port=%s", item);
		return buffer;
	}
	return NOT_A_PROTOCOL;
}
