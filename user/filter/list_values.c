/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/list_values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "tcp_event.h"

int list_word_copy(const char *text, size_t length, char word[LIST_WORD_MAX])
{
	if (length == 0 || length >= LIST_WORD_MAX)
		return -EINVAL;
	memcpy(word, text, length);
	word[length] = '\0';
	return 0;
}

int list_number_parse(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	*number = strtoul(text, &end, 10);
	return *end || *number > max ? -EINVAL : 0;
}

static const char *lower_case(char *word)
{
	for (char *letter = word; *letter; letter++)
		*letter = (char)tolower((unsigned char)*letter);
	return word;
}

/* By a name of services(5), as it is or in small letters. */
static const struct servent *find_service(char *word)
{
	const struct servent *service = getservbyname(word, NULL);

	return service ? service : getservbyname(lower_case(word), NULL);
}

int port_range_parse(const char *text, size_t length, uint16_t *first, uint16_t *last)
{
	char word[LIST_WORD_MAX], *dash;
	unsigned long from, to;
	const struct servent *service;

	if (list_word_copy(text, length, word))
		return -EINVAL;
	if (!list_number_parse(word, PORTS - 1, &from)) {
		*first = *last = (uint16_t)from;
		return 0;
	}
	dash = strchr(word, '-');
	if (dash && *word >= '0' && *word <= '9') {
		*dash = '\0';
		if (list_number_parse(word, PORTS - 1, &from) || list_number_parse(dash + 1, PORTS - 1, &to) ||
		    from > to)
			return -EINVAL;
		*first = (uint16_t)from;
		*last = (uint16_t)to;
		return 0;
	}
	service = find_service(word);
	if (!service)
		return -EINVAL;
	*first = *last = ntohs((uint16_t)service->s_port);
	return 0;
}

int protocol_parse(const char *text, size_t length)
{
	/* The usual names, so that they work without /etc/protocols, and the aliases that people type. */
	static const struct {
		const char *name;
		int number;
	} known[] = {
		{"icmp", 1}, {"igmp", 2},  {"tcp", 6},    {"udp", 17},   {"gre", 47},    {"esp", 50},
		{"ah", 51},  {"pim", 103}, {"sctp", 132}, {"icmp6", 58}, {"icmpv6", 58}, {"ospf", 89},
	};
	const struct protoent *protocol;
	char word[LIST_WORD_MAX];
	unsigned long number;

	if (list_word_copy(text, length, word))
		return -EINVAL;
	if (!list_number_parse(word, 255, &number))
		return (int)number;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcasecmp(word, known[i].name))
			return known[i].number;
	/* protocols(5) calls hop-by-hop options `ip` and IPv6 in IPv4 `ipv6`, which are not what people mean. */
	if (!strcasecmp(word, "ip") || !strcasecmp(word, "ipv6"))
		return -EINVAL;
	protocol = getprotobyname(word);
	if (!protocol)
		protocol = getprotobyname(lower_case(word));
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

int tcp_event_parse(const char *text, size_t length, uint32_t *events)
{
	static const struct {
		const char *name;
		uint32_t events;
	} names[] = {
		{"retransmission", TCP_EVENT_RETRANSMISSION}, {"out-of-order", TCP_EVENT_OUT_OF_ORDER},
		{"lost-segment", TCP_EVENT_LOST_SEGMENT},     {"duplicate-ack", TCP_EVENT_DUPLICATE_ACK},
		{"zero-window", TCP_EVENT_ZERO_WINDOW},       {"window-full", TCP_EVENT_WINDOW_FULL},
		{"keep-alive", TCP_EVENT_KEEP_ALIVE},         {"reset", TCP_EVENT_RESET},
	};
	const bool any = length == 3 && !strncasecmp(text, "any", 3);
	uint32_t found = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (any || (strlen(names[i].name) == length && !strncasecmp(text, names[i].name, length)))
			found |= names[i].events;
	*events |= found;
	return found ? 0 : -EINVAL;
}
