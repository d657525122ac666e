/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/display_filter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 64 };

/* Fields whose comparison with a value has a counterpart; %s stands for the value. */
static const struct field {
	const char *name, *equal;
} fields[] = {
	{"tcp.port", "tcp port %s"},
	{"tcp.srcport", "tcp src port %s"},
	{"tcp.dstport", "tcp dst port %s"},
	{"udp.port", "udp port %s"},
	{"udp.srcport", "udp src port %s"},
	{"udp.dstport", "udp dst port %s"},
	{"ip.addr", "host %s"},
	{"ip.host", "host %s"},
	{"ip.src", "src host %s"},
	{"ip.dst", "dst host %s"},
	{"ipv6.addr", "host %s"},
	{"ipv6.src", "src host %s"},
	{"ipv6.dst", "dst host %s"},
	{"eth.addr", "ether host %s"},
	{"eth.src", "ether src %s"},
	{"eth.dst", "ether dst %s"},
	{"eth.type", "ether proto %s"},
	{"vlan.id", "vlan %s"},
	{"ip.proto", "ip proto %s"},
	{"ip.ttl", "ip[8] == %s"},
	{"ip.version", "ip[0] >> 4 == %s"},
	{"icmp.type", "icmp[0] == %s"},
	{"frame.len", "len == %s"},
};

/* Fields and protocols by themselves. */
static const struct field names[] = {
	{"tcp.flags.syn", "tcp[tcpflags] & tcp-syn != 0"},
	{"tcp.flags.fin", "tcp[tcpflags] & tcp-fin != 0"},
	{"tcp.flags.ack", "tcp[tcpflags] & tcp-ack != 0"},
	{"tcp.flags.reset", "tcp[tcpflags] & tcp-rst != 0"},
	{"tcp.flags.push", "tcp[tcpflags] & tcp-push != 0"},
	{"dns", "port 53"},
	{"http", "tcp port 80"},
	{"tls", "tcp port 443"},
	{"ssl", "tcp port 443"},
	{"quic", "udp port 443"},
	{"ssh", "tcp port 22"},
	{"dhcp", "udp portrange 67-68"},
	{"bootp", "udp portrange 67-68"},
	{"ntp", "udp port 123"},
	{"ipv6", "ip6"},
	{"icmpv6", "icmp6"},
};

static const char *const operators[] = {"==", "!=", ">=", "<=", ">", "<", "~", "contains", "matches", "eq", "ne"};

/* The words of a display filter: names and values, operators, brackets. Returns the end, and the word in `word`. */
static const char *next_word(const char *at, char word[WORD_MAX])
{
	static const char inside[] = "._:/-";
	size_t length = 0;

	at += strspn(at, " \t");
	while (isalnum((unsigned char)at[length]) || (at[length] && strchr(inside, at[length])))
		length++;
	if (!length && *at)
		length = strspn(at, "=!<>~&|");
	if (!length && *at)
		length = 1; /* a bracket, or what no filter has */
	snprintf(word, WORD_MAX, "%.*s", (int)(length < WORD_MAX ? length : WORD_MAX - 1), at);
	return at + length;
}

static bool is_operator(const char *word)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++)
		if (!strcmp(word, operators[i]))
			return true;
	return false;
}

/* A name of letters with a dot inside, as no number or address has. */
static bool is_field(const char *word)
{
	return isalpha((unsigned char)*word) && strchr(word, '.') && !strchr(word, ':') && !strchr(word, '/');
}

static const char *find(const struct field *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(table[i].name, name))
			return table[i].equal;
	return NULL;
}

static const char *find_field(const char *name)
{
	return find(fields, sizeof(fields) / sizeof(*fields), name);
}

static const char *find_name(const char *name)
{
	return find(names, sizeof(names) / sizeof(*names), name);
}

bool display_filter_is_meant(const char *text)
{
	char word[WORD_MAX], next[WORD_MAX];
	const char *at = next_word(text, word);
	bool alone = !*(at + strspn(at, " \t"));

	if (alone && *word && find_name(word))
		return true;
	for (bool behind_host = false; *word; at = next_word(at, word)) {
		next_word(at, next);
		if (is_field(word) && (find_field(word) || find_name(word)) && !behind_host)
			return true;
		if (is_field(word) && is_operator(next))
			return true;
		behind_host = !strcmp(word, "host") || !strcmp(word, "src") || !strcmp(word, "dst");
	}
	return false;
}

static bool append(char *result, size_t size, const char *word)
{
	size_t length = strlen(result);
	const char *gap = length && result[length - 1] != '(' && strcmp(word, ")") != 0 ? " " : "";

	return snprintf(result + length, size - length, "%s%s", gap, word) < (int)(size - length);
}

/* FIELD == VALUE, or FIELD != VALUE. Returns what follows, or NULL. */
static const char *translate_comparison(const char *at, const char *pattern, const char *field, char *result,
					size_t size)
{
	char operator[WORD_MAX], value[WORD_MAX], text[3 * WORD_MAX], net[WORD_MAX];
	const char *end = next_word(next_word(at, operator), value), *place = strstr(pattern, "%s");
	bool equal = !strcmp(operator, "==") || !strcmp(operator, "eq");
	bool unequal = !strcmp(operator, "!=") || !strcmp(operator, "ne");

	if (!*value || !place)
		return NULL;
	if (strchr(value, '/') && strstr(pattern, "host %s") && strncmp(pattern, "ether", 5) != 0) {
		snprintf(net, sizeof(net), "%.*snet %%s", (int)(strlen(pattern) - strlen("host %s")), pattern);
		pattern = net;
		place = strstr(net, "%s");
	}
	if (!strcmp(field, "frame.len") && !equal && !unequal)
		snprintf(text, sizeof(text), "len %s %s", operator, value);
	else if (unequal &&
		 (!strncmp(pattern, "tcp", 3) || !strncmp(pattern, "udp", 3))) /* only where there is a port */
		snprintf(text, sizeof(text), "(%.3s and not %.*s%s)", pattern, (int)(place - pattern), pattern, value);
	else if (equal || unequal)
		snprintf(text, sizeof(text), "%s%.*s%s", unequal ? "not " : "", (int)(place - pattern), pattern, value);
	else
		return NULL;
	return append(result, size, text) ? end : NULL;
}

/* A field or protocol by itself, or a flag that is compared with 0 or 1. Returns what follows, or NULL. */
static const char *translate_name(const char *at, const char *text, const char *name, char *result, size_t size)
{
	char operator[WORD_MAX], value[WORD_MAX];
	const char *end = next_word(next_word(at, operator), value);
	bool no, yes;

	if (!is_operator(operator))
		return append(result, size, text) ? at : NULL;
	no = !strcmp(value, "0") || !strcasecmp(value, "false");
	yes = !strcmp(value, "1") || !strcasecmp(value, "true");
	if (!is_field(name) || strcmp(operator, "==") != 0 || (!no && !yes))
		return NULL;
	return (!no || append(result, size, "not")) && append(result, size, text) ? end : NULL;
}

/* The word of pcap-filter(7) for a word that is no field. */
static const char *translate_joint(const char *word)
{
	static const char *const joints[][2] = {{"&&", "and"}, {"||", "or"}, {"!", "not"}};

	for (size_t i = 0; i < sizeof(joints) / sizeof(*joints); i++)
		if (!strcmp(word, joints[i][0]))
			return joints[i][1];
	return word;
}

/* Translate the word before `at`, with what belongs to it. Returns what follows, or NULL. */
static const char *translate_word(const char *at, const char *word, char *result, size_t size)
{
	const char *pattern = find_field(word);

	if (pattern)
		return translate_comparison(at, pattern, word, result, size);
	pattern = find_name(word);
	if (pattern)
		return translate_name(at, pattern, word, result, size);
	if (is_field(word) || is_operator(word))
		return NULL;
	return append(result, size, translate_joint(word)) ? at : NULL;
}

bool display_filter_translate(const char *text, char *result, size_t size)
{
	char word[WORD_MAX];
	const char *at = next_word(text, word);
	bool has_and = false, has_or = false;

	if (size < 3)
		return false;
	snprintf(result, size, "'");
	while (at && *word) {
		has_and |= !strcmp(translate_joint(word), "and");
		has_or |= !strcmp(translate_joint(word), "or");
		at = translate_word(at, word, result + 1, size - 2);
		if (at)
			at = next_word(at, word);
	}
	/* In display filters && binds more tightly than ||; in pcap-filter(7) they bind equally. */
	if (!at || (has_and && has_or) || !result[1])
		return false;
	snprintf(result + strlen(result), size - strlen(result), "'");
	return true;
}
