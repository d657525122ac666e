/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/expression.h"
#include "filter/program_reach.h"
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

/* Where a link-level header has the ethertype, and where the IP header begins. */
struct link_layout {
	uint16_t link_type;
	uint32_t ethertype, network;
};

/* A frame with this ethertype may match; if its IP header is named too, one with this protocol in it. */
static bool may_match(const struct expression *expression, const struct link_layout *layout, uint16_t ethertype,
		      const unsigned int *protocol)
{
	const uint32_t place = layout->network + (ethertype == ETHERTYPE_IPV4 ? 9 : 6); /* RFC 791, 3.1; RFC 8200, 3 */
	const struct known_field fields[] = {
		{layout->ethertype, BPF_H, ethertype},
		{place, BPF_B, protocol ? *protocol : 0},
	};
	size_t count;
	const struct sock_filter *program = expression_program(expression, &count);

	return program_may_accept(program, count, fields, protocol ? 2 : 1);
}

/* IP right behind the link-level header. */
static bool may_match_protocol(const struct expression *expression, const struct link_layout *layout,
			       unsigned int protocol)
{
	return may_match(expression, layout, ETHERTYPE_IPV4, &protocol) ||
	       may_match(expression, layout, ETHERTYPE_IPV6, &protocol);
}

static bool may_match_tags(const struct expression *expression, const struct link_layout *layout)
{
	static const uint16_t tags[] = {ETHERTYPE_VLAN, ETHERTYPE_SERVICE_VLAN, ETHERTYPE_MPLS,
					ETHERTYPE_PPPOE_SESSION};

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (may_match(expression, layout, tags[i], NULL))
			return true;
	return false;
}

/* A packet behind a tag, or behind an extension header. */
static bool may_match_behind_tags(const struct expression *expression, const struct link_layout *layout)
{
	if (may_match_tags(expression, layout))
		return true;
	for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++)
		if (may_match_protocol(expression, layout, extensions[i]))
			return true;
	return false;
}

/* Compile for Ethernet, or else for the cooked header; `layout` is that of the one that serves. NULL: for neither. */
static struct expression *compile(const char *text, const struct link_layout **layout)
{
	static const struct link_layout layouts[] = {{LINK_ETHERNET, 12, 14}, {LINK_LINUX_SLL2, 0, 20}};
	struct expression *expression = NULL;
	char error[256];

	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++) {
		*layout = &layouts[i];
		if (!expression_compile_file(text, layouts[i].link_type, &expression, error, sizeof(error)))
			return expression;
	}
	return NULL;
}

/* libpcap does not see through comparisons of bytes, such as ip[9] = 1; its program shows what they come to. */
static bool program_misses(const char *text, const uint8_t *protocols)
{
	const struct link_layout *layout;
	struct expression *expression = compile(text, &layout);
	bool found;

	if (!expression)
		return false;
	found = may_match_behind_tags(expression, layout);
	for (unsigned int i = 0; i < 256 && !found; i++)
		found = protocol_set_has(protocols, i) && may_match_protocol(expression, layout, i);
	expression_close(expression);
	return !found;
}

/* What libpcap knows when it optimizes. */
static bool optimizer_misses(const char *text, const uint8_t *protocols)
{
	char clause[256 * sizeof(" or proto 255")] = "", *end = clause;

	for (unsigned int i = 0; i < 256; i++)
		if (protocol_set_has(protocols, i))
			end += sprintf(end, "%sproto %u", end > clause ? " or " : "", i);
	return rejects(text, clause);
}

bool expression_misses(const char *text, const uint8_t *protocols)
{
	static const protocol_set none;

	return strlen(text) <= TEXT_MAX && memcmp(protocols, none, sizeof(none)) != 0 &&
	       (optimizer_misses(text, protocols) || program_misses(text, protocols)) && !rejects(text, NULL);
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

	if (strlen(text) > TEXT_MAX || moves_headers(text) || !optimizer_misses(text, protocols) ||
	    rejects(text, NULL) || !rejects(text, "not (arp or rarp or ip or ip6)"))
		return false;
	for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++)
		if (!misses_header(text, extensions[i]))
			return false;
	for (unsigned int i = 0; i < 256; i++)
		if (protocol_set_has(protocols, i) && (++count > FEW || !misses_header(text, i)))
			return false;
	return true;
}

bool expression_implies(const char *text, const char *clause)
{
	char *negation;
	bool implies;

	if (strlen(text) > TEXT_MAX || moves_headers(text) || asprintf(&negation, "not (%s)", clause) < 0)
		return false;
	implies = rejects(text, negation) && !rejects(text, NULL);
	free(negation);
	return implies;
}

/* A packet between addresses for documentation (RFC 5737, RFC 3849). */
static bool may_match_strangers(const struct expression *expression, const struct link_layout *layout)
{
	const uint32_t ip = layout->network;
	const struct known_field ipv4[] = {
		{layout->ethertype, BPF_H, ETHERTYPE_IPV4},
		{ip + 12, BPF_W, 0xc0000201},
		{ip + 16, BPF_W, 0xc6336402},
	};
	const struct known_field ipv6[] = {
		{layout->ethertype, BPF_H, ETHERTYPE_IPV6},
		{ip + 8, BPF_W, 0x20010db8},
		{ip + 12, BPF_W, 1},
		{ip + 16, BPF_W, 2},
		{ip + 20, BPF_W, 3},
		{ip + 24, BPF_W, 0x20010db8},
		{ip + 28, BPF_W, 4},
		{ip + 32, BPF_W, 5},
		{ip + 36, BPF_W, 6},
	};
	size_t count;
	const struct sock_filter *program = expression_program(expression, &count);

	return program_may_accept(program, count, ipv4, sizeof(ipv4) / sizeof(*ipv4)) ||
	       program_may_accept(program, count, ipv6, sizeof(ipv6) / sizeof(*ipv6));
}

/* Frames without addresses that the expression could mean. */
static bool may_match_others(const struct expression *expression, const struct link_layout *layout)
{
	enum { ETHERTYPE_ARP = 0x0806, ETHERTYPE_RARP = 0x8035, ETHERTYPE_EXPERIMENT = 0x88b5 /* IEEE 802, 9.2.4 */ };
	static const uint16_t others[] = {ETHERTYPE_ARP, ETHERTYPE_RARP, ETHERTYPE_EXPERIMENT};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (may_match(expression, layout, others[i], NULL))
			return true;
	return false;
}

bool expression_misses_strangers(const char *text, bool every_protocol)
{
	const struct link_layout *layout;
	struct expression *expression;
	bool found;

	if (strlen(text) > TEXT_MAX || moves_headers(text) || rejects(text, NULL))
		return false;
	expression = compile(text, &layout);
	if (!expression)
		return false;
	found = may_match_strangers(expression, layout) || may_match_tags(expression, layout) ||
		(every_protocol && may_match_others(expression, layout));
	expression_close(expression);
	return !found;
}
