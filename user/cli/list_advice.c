/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/list_advice.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_builder.h"

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

/* The beginning of an IPv4 address, perhaps with asterisks: 10.9, 10.9.*. False if an item is none. */
static bool network_text(const char *item, char *buffer, size_t size)
{
	const char *at = item;
	char octets[16] = "";
	int count = 0, bits;

	while (count < 4 && strspn(at, DIGITS) && strspn(at, DIGITS) <= 3 && atoi(at) < 256) {
		size_t length = strlen(octets);

		snprintf(octets + length, sizeof(octets) - length, "%s%d", count ? "." : "", atoi(at));
		count++;
		at += strspn(at, DIGITS);
		at += *at == '.';
	}
	if (!count || count > 3 || at[strspn(at, ".*")])
		return false;
	bits = 8 * count;
	for (; count < 4; count++)
		strncat(octets, ".0", sizeof(octets) - strlen(octets) - 1);
	snprintf(buffer, size, "is not a whole address; write %s/%d for the network", octets, bits);
	return true;
}

/* Two addresses with a dash between them: name the longest prefix that covers both. */
static void range_text(const char *item, size_t dash, char *buffer, size_t size)
{
	const int family = family_of(item, dash);
	const int length = family == AF_INET ? 4 : 16;
	char first[INET6_ADDRSTRLEN], network[INET6_ADDRSTRLEN];
	uint8_t from[16], to[16];
	int bits = 0;

	snprintf(first, sizeof(first), "%.*s", (int)dash, item);
	if (inet_pton(family, first, from) != 1 || inet_pton(family, item + dash + 1, to) != 1) {
		snprintf(buffer, size, "is a range of addresses; write prefixes, such as 10.0.0.0/28");
		return;
	}
	while (bits < 8 * length && !((from[bits / 8] ^ to[bits / 8]) & 0x80 >> bits % 8))
		bits++;
	for (int i = bits; i < 8 * length; i++)
		from[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
	inet_ntop(family, from, network, sizeof(network));
	snprintf(buffer, size, "is a range of addresses; write a prefix that covers it, such as %s/%d", network, bits);
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
	if (network_text(item, buffer, size))
		return buffer;
	if (item[dash] && family_of(item, dash)) {
		range_text(item, dash, buffer, size);
		return buffer;
	}
	if (*item == '[' || (strchr(item, ':') && family_of(item, strcspn(item, ":"))))
		return "has a port or brackets; write the address alone, and the port with --port";
	return "is not an address or prefix, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32";
}

/* A port with its protocol, as other programs have it: 80/tcp, tcp/80. False if an item is none. */
static bool protocol_and_port(const char *item, char *buffer, size_t size)
{
	size_t slash = strcspn(item, "/");
	const char *other = item[slash] ? item + slash + 1 : "";
	bool port_first = strspn(item, DIGITS) == slash;
	const char *protocol = port_first ? other : item, *port = port_first ? item : other;

	if (!slash || (strncmp(protocol, "tcp", 3) != 0 && strncmp(protocol, "udp", 3) != 0) || !strspn(port, DIGITS))
		return false;
	snprintf(buffer, size, "has a protocol; write --protocol=%.3s and --port=%.*s", protocol,
		 (int)strspn(port, DIGITS), port);
	return true;
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
		snprintf(buffer, size, "is an open range; write %.*s-65535", (int)first, item);
		return buffer;
	}
	if (*item == '-' && item[1] && !item[1 + strspn(item + 1, DIGITS)]) {
		snprintf(buffer, size, "is an open range; write 0%s", item);
		return buffer;
	}
	if (first && item[first] == ':' && item[first + 1] && !item[first + 1 + strspn(item + first + 1, DIGITS)]) {
		snprintf(buffer, size, "is not a range; write %.*s-%s", (int)first, item, item + first + 1);
		return buffer;
	}
	if (protocol_and_port(item, buffer, size))
		return buffer;
	if (first && !strncmp(item + first, "..", 2) && item[first + 2] &&
	    !item[first + 2 + strspn(item + first + 2, DIGITS)]) {
		snprintf(buffer, size, "is not a range; write %.*s-%s", (int)first, item, item + first + 2);
		return buffer;
	}
	return "is not a port, a range or a service name, such as 53, 8000-8100 or https";
}

/* Besides: flags that are not joined by commas, and the letters that are printed for them: syn+ack, SA. */
const char *list_advice_flags(const char *item, char *buffer, size_t size)
{
	static const char names[][4] = {"fin", "syn", "rst", "psh", "ack", "urg"}, letters[] = "FSRPAU";
	size_t joints = strcspn(item, "+/|&-"), end = strlen(item);
	struct text_builder text = text_builder_begin(buffer, size);

	if (item[joints] && joints == 3 && end % 4 == 3) {
		text_builder_add(&text, "joins flags; write %.3s", item);
		for (size_t at = 4; at < end; at += 4)
			text_builder_add(&text, ",%.3s", item + at);
		return buffer;
	}
	if (*item && !item[strspn(item, letters)]) {
		text_builder_add(&text, "uses tcpdump's letters; write ");
		for (const char *letter = item; *letter; letter++)
			text_builder_add(&text, "%s%s", letter > item ? "," : "",
					 names[strchr(letters, *letter) - letters]);
		return buffer;
	}
	return "is not a TCP flag; write fin, syn, rst, psh, ack, urg, ece or cwr, with ! before one that must be "
	       "clear";
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

const char *list_advice_event(const char *item, char *buffer, size_t size)
{
	/* Beginnings of what people type for the word. */
	static const char *const words[][2] = {
		{"all", "any"},
		{"dup", "duplicate-ack"},
		{"fast", "retransmission"},
		{"keep", "keep-alive"},
		{"lost", "lost-segment"},
		{"ooo", "out-of-order"},
		{"out", "out-of-order"},
		{"ret", "retransmission"},
		{"rst", "reset"},
		{"rexmit", "retransmission"},
		{"resets", "reset"},
		{"zero", "zero-window"},
		{"spurious", "retransmission"},
		{"windowfull", "window-full"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strncasecmp(item, words[i][0], strlen(words[i][0])) != 0)
			continue;
		snprintf(buffer, size, "is not a TCP event; write %s", words[i][1]);
		return buffer;
	}
	return "is not a TCP event; write retransmission, out-of-order, lost-segment, duplicate-ack, zero-window, "
	       "window-full, keep-alive or reset, or any for all of them";
}
