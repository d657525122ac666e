/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/expression.h"
#include "packet/frame.h"
#include "protocols.h"

enum {
	TEXT_MAX = 1024, /* bytes of an expression that is looked at: a longer one takes long to compile */
	FEW = 8,         /* protocols */
	CLAUSE_MAX = 32, /* bytes, terminator included */
};

/* Headers that stand before the one whose protocol counts (see ip_extension.h). libpcap looks behind a fragment header
 * itself. */
static const unsigned int extensions[] = {PROTOCOL_HOP_BY_HOP, PROTOCOL_ROUTING, PROTOCOL_AH,
					  PROTOCOL_DESTINATION_OPTIONS};

/* Whether nothing satisfies the expression and the clause (NULL: none). */
static bool rejects(const char *text, const char *clause)
{
	static const uint16_t link_types[] = {LINK_ETHERNET, LINK_LINUX_SLL2};
	char *both;
	int ret = -1;

	if (asprintf(&both, clause ? "(%s) and (%s)" : "%s", text, clause) < 0)
		return false;
	for (size_t i = 0; i < sizeof(link_types) / sizeof(*link_types) && ret < 0; i++)
		ret = expression_rejects_all(both, link_types[i]);
	free(both);
	return ret == 1;
}

bool expression_misses(const char *text, const uint8_t *protocols)
{
	char clause[256 * sizeof(" or proto 255")], *end = clause;

	if (strlen(text) > TEXT_MAX)
		return false;
	for (unsigned int i = 0; i < 256; i++)
		if (protocol_set_has(protocols, i))
			end += sprintf(end, "%sproto %u", end > clause ? " or " : "", i);
	return end > clause && rejects(text, clause) && !rejects(text, NULL);
}

/* No IP packet can match whose first header, or the one behind a fragment header, has this protocol. */
static bool misses_header(const char *text, unsigned int protocol)
{
	char ipv4[CLAUSE_MAX], ipv6[CLAUSE_MAX];

	snprintf(ipv4, CLAUSE_MAX, "ip proto %u", protocol);
	snprintf(ipv6, CLAUSE_MAX, "ip6 proto %u", protocol);
	return rejects(text, ipv4) && rejects(text, ipv6);
}

/* Behind such a word libpcap looks for headers elsewhere, in the whole rest of the expression. */
static bool moves_headers(const char *text)
{
	static const char *const words[] = {"vlan", "mpls", "pppoe", "geneve", "vxlan"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

bool expression_surely_misses(const char *text, const uint8_t *protocols)
{
	unsigned int count = 0;

	if (moves_headers(text) || !expression_misses(text, protocols) ||
	    !rejects(text, "not (arp or rarp or ip or ip6)"))
		return false;
	for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++)
		if (!misses_header(text, extensions[i]))
			return false;
	for (unsigned int i = 0; i < 256; i++)
		if (protocol_set_has(protocols, i) && (++count > FEW || !misses_header(text, i)))
			return false;
	return true;
}
