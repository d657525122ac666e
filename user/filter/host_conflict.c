/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/host_conflict.h"

#include <stdio.h>
#include <string.h>

#include "base/text_builder.h"
#include "byte_order.h"
#include "filter/expression_reach.h"

enum {
	PAIRS_MAX = 1000000, /* of prefixes, that are compared */
	PARTS_MAX = 256,     /* prefixes that may cover another one together */
};

static const char *const options[LISTS] = {"--host", "--src", "--dst", "--not-host"};
static const char file_mark[] = "file "; /* before the name of a file in host_words */
static const enum list positive[] = {LIST_EITHER, LIST_SOURCE, LIST_DESTINATION};

enum { POSITIVE = sizeof(positive) / sizeof(*positive) };

/* Whether each address of a prefix is in another one. */
static bool is_inside(const struct prefix *inner, const struct prefix *outer)
{
	uint64_t mask[2];

	if (outer->bits > inner->bits || prefix_is_ipv4(inner) != prefix_is_ipv4(outer))
		return false;
	prefix_mask(outer->bits, mask);
	return (inner->address[0] & mask[0]) == outer->address[0] && (inner->address[1] & mask[1]) == outer->address[1];
}

/* One half of a prefix, which is one bit longer. */
static struct prefix half_of(const struct prefix *prefix, bool upper)
{
	struct prefix half = *prefix;
	uint8_t *bytes = (uint8_t *)half.address;

	if (upper)
		bytes[prefix->bits / 8] |= (uint8_t)(0x80 >> prefix->bits % 8);
	half.bits++;
	return half;
}

/* Whether --not-host excludes each address of a prefix; `parts`: perhaps by several of its prefixes together. */
static bool is_excluded(const struct filter_spec *spec, const struct prefix *prefix, bool parts)
{
	bool has_part = false;
	struct prefix lower, upper;

	for (size_t i = 0; i < spec->prefixes.count; i++) {
		const struct prefix *item = &spec->prefixes.items[i];

		if (!(item->lists & LIST_NOT))
			continue;
		if (is_inside(prefix, item))
			return true;
		has_part |= is_inside(item, prefix);
	}
	if (!parts || !has_part || prefix->bits == 128)
		return false;
	lower = half_of(prefix, false);
	upper = half_of(prefix, true);
	return is_excluded(spec, &lower, parts) && is_excluded(spec, &upper, parts);
}

static bool is_loopback(const struct prefix *prefix)
{
	const struct prefix ipv4 = {{0, ADDRESS_MAPPED(SWAP32(0x7f000000u))}, .bits = IPV4_PREFIX_BITS + 8};
	const struct prefix ipv6 = {{0, ADDRESS_HALF(0, SWAP32(1u))}, .bits = 128};

	return is_inside(prefix, &ipv4) || is_inside(prefix, &ipv6);
}

/* What a list of addresses comes to. */
struct reach {
	size_t count;    /* prefixes */
	size_t ipv4;     /* of them of IPv4 */
	size_t loopback; /* with loopback addresses only */
	size_t excluded; /* by --not-host */
};

static struct reach reach_of(const struct filter_spec *spec, enum list list)
{
	const size_t count = spec->prefixes.count;
	bool excludes = spec->config.address_lists & LIST_NOT && count * count <= PAIRS_MAX;
	struct reach reach = {0};

	for (size_t i = 0; i < count; i++) {
		const struct prefix *prefix = &spec->prefixes.items[i];

		if (!(prefix->lists & list))
			continue;
		reach.count++;
		reach.ipv4 += prefix_is_ipv4(prefix);
		reach.loopback += is_loopback(prefix);
		reach.excluded += excludes && is_excluded(spec, prefix, count <= PARTS_MAX);
	}
	return reach;
}

/* Add the items of a list of addresses, with the option that they were given to: those of files, or the others. */
static void add_option(const struct filter_spec *spec, enum list list, bool files, struct text_builder *name)
{
	const char *words = spec->host_words[list_place(list)], *gap = name->length ? " " : "";

	for (size_t length; words && *words; words += length, words += *words == ',') {
		bool is_file = !strncmp(words, file_mark, strlen(file_mark));
		size_t mark = is_file ? strlen(file_mark) : 0;

		length = strcspn(words, ",");
		if (is_file != files)
			continue;
		if (gap)
			text_builder_add(name, "%s%s%s=", gap, options[list_place(list)], files ? "-file" : "");
		text_builder_add(name, "%s%.*s", gap ? "" : ",", (int)(length - mark), words + mark);
		gap = NULL;
	}
}

/* The options that a list was given with, such as --host=10.0.0.1 or --host-file=office. */
static const char *name_list(const struct filter_spec *spec, enum list list, char name[FILTER_CONFLICT_MAX])
{
	struct text_builder builder = text_builder_begin(name, FILTER_CONFLICT_MAX / 4);

	add_option(spec, list, false, &builder);
	add_option(spec, list, true, &builder);
	return name;
}

/* Whether one list of addresses leaves nothing. */
static bool list_conflict(const struct filter_spec *spec, enum list list, char why[FILTER_CONFLICT_MAX])
{
	char name[FILTER_CONFLICT_MAX], excluding[FILTER_CONFLICT_MAX];
	struct reach reach = reach_of(spec, list);

	if (reach.count == 0)
		snprintf(why, FILTER_CONFLICT_MAX,
			 "no packet can match %s: the file has no addresses; add some, or leave the option out",
			 name_list(spec, list, name));
	else if (reach.loopback == reach.count && spec->config.loopback == LOOPBACK_DROP)
		snprintf(why, FILTER_CONFLICT_MAX,
			 "no packet can match %s: loopback traffic is left out; add --loopback",
			 name_list(spec, list, name));
	else if (reach.excluded == reach.count)
		snprintf(why, FILTER_CONFLICT_MAX, "no packet can match %s and %s together; leave out one of them",
			 name_list(spec, list, name), name_list(spec, LIST_NOT, excluding));
	else
		return false;
	return true;
}

/* Whether --not-host excludes every address. Frames that are not IP have none, and pass where they are kept. */
static bool excludes_all(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX])
{
	const struct prefix ipv4 = {{0, ADDRESS_MAPPED(0)}, .bits = IPV4_PREFIX_BITS}, ipv6 = {0};
	char name[FILTER_CONFLICT_MAX];

	if (!(spec->config.address_lists & LIST_NOT) || spec->config.every_protocol || spec->prefixes.count > PARTS_MAX)
		return false;
	if (!is_excluded(spec, &ipv4, true) || !is_excluded(spec, &ipv6, true))
		return false;
	snprintf(why, FILTER_CONFLICT_MAX, "no packet can match %s: every address is in it; leave some out",
		 name_list(spec, LIST_NOT, name));
	return true;
}

/* A list with addresses of one family only, which is the other one for IPv6; 0: there is none. */
static enum list find_family(const struct filter_spec *spec, bool ipv4)
{
	for (size_t i = 0; i < POSITIVE; i++) {
		struct reach reach = {0};

		if (spec->config.address_lists & positive[i])
			reach = reach_of(spec, positive[i]);
		if (reach.count && reach.ipv4 == (ipv4 ? reach.count : 0))
			return positive[i];
	}
	return 0;
}

/* Both ends of a packet have addresses of the same family. */
static bool family_conflict(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX])
{
	enum list ipv4 = find_family(spec, true), ipv6 = find_family(spec, false);
	char one[FILTER_CONFLICT_MAX], other[FILTER_CONFLICT_MAX];

	if (!ipv4 || !ipv6)
		return false;
	snprintf(why, FILTER_CONFLICT_MAX,
		 "no packet can match %s and %s: one is IPv4, the other IPv6; leave out one of them",
		 name_list(spec, ipv4, one), name_list(spec, ipv6, other));
	return true;
}

bool host_conflict(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX])
{
	for (size_t i = 0; i < POSITIVE; i++)
		if (spec->config.address_lists & positive[i] && list_conflict(spec, positive[i], why))
			return true;
	return excludes_all(spec, why) || family_conflict(spec, why);
}

bool host_expression_conflict(const struct filter_spec *spec, const char *expression, char name[FILTER_CONFLICT_MAX])
{
	enum list ipv4 = find_family(spec, true), ipv6 = find_family(spec, false), list = 0;

	for (size_t i = 0; i < POSITIVE && !list; i++)
		list = spec->config.address_lists & positive[i] ? positive[i] : 0;
	if (!list)
		return false;
	if (ipv4 && expression_implies(expression, "arp or rarp or ip6"))
		list = ipv4;
	else if (ipv6 && expression_implies(expression, "arp or rarp or ip"))
		list = ipv6;
	else if (!expression_implies(expression, "arp or rarp"))
		return false;
	name_list(spec, list, name);
	return true;
}

static bool is_one_of(const char *const *words, size_t count, const char *word, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == length && !strncmp(words[i], word, length))
			return true;
	return false;
}

/* A loopback address, or one of its usual names. */
static bool is_loopback_word(const char *word, size_t length)
{
	static const char *const names[] = {"localhost", "ip6-localhost"};
	struct prefix prefix;

	return is_one_of(names, sizeof(names) / sizeof(*names), word, length) ||
	       (!prefix_parse(word, length, &prefix) && is_loopback(&prefix));
}

/* A word that names no address. */
static bool is_plain_word(const char *word, size_t length)
{
	static const char *const words[] = {"host",      "net",  "src",   "dst",  "and",     "or",  "not", "port",
					    "portrange", "tcp",  "udp",   "sctp", "icmp",    "ip",  "ip6", "icmp6",
					    "arp",       "rarp", "proto", "less", "greater", "len", "in",  "out"};

	return strspn(word, "0123456789-<>=") >= length ||
	       is_one_of(words, sizeof(words) / sizeof(*words), word, length);
}

bool host_expression_is_loopback(const struct filter_spec *spec, const char *expression)
{
	static const char separators[] = " \t()!&|";
	bool has_loopback = false;

	for (const char *word = expression + strspn(expression, separators); *word; word += strspn(word, separators)) {
		size_t length = strcspn(word, separators);
		bool loopback = is_loopback_word(word, length);

		if (!loopback && !is_plain_word(word, length))
			return false;
		has_loopback |= loopback;
		word += length;
	}
	return has_loopback && expression_misses_strangers(expression, spec->config.every_protocol);
}
