/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/display_filter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "filter/expression.h"

enum { WORD_MAX = 64, COMPARISON_MAX = 4 * WORD_MAX };

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
	{"ipv6.nxt", "ip6 proto %s"},
};

/* Fields that are numbers, which every operator compares. */
static const struct field numbers[] = {
	{"frame.len", "len"},
	{"ip.version", "ip[0] >> 4"},
	{"ip.len", "ip[2:2]"},
	{"ip.id", "ip[4:2]"},
	{"ip.ttl", "ip[8]"},
	{"ipv6.plen", "ip6[4:2]"},
	{"ipv6.hlim", "ip6[7]"},
	{"icmp.type", "icmp[0]"},
	{"icmp.code", "icmp[1]"},
	{"arp.opcode", "arp[6:2]"},
	{"tcp.flags", "tcp[13]"},
	{"tcp.window_size_value", "tcp[14:2]"},
	{"tcp.len", "ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2)"}, /* pcap-filter(7) has it so */
	{"udp.length", "udp[4:2]"},
};

/* Fields and protocols by themselves. */
static const struct field names[] = {
	{"tcp.flags.syn", "tcp[tcpflags] & tcp-syn != 0"},
	{"tcp.flags.fin", "tcp[tcpflags] & tcp-fin != 0"},
	{"tcp.flags.ack", "tcp[tcpflags] & tcp-ack != 0"},
	{"tcp.flags.reset", "tcp[tcpflags] & tcp-rst != 0"},
	{"tcp.flags.push", "tcp[tcpflags] & tcp-push != 0"},
	{"tcp.flags.urg", "tcp[tcpflags] & tcp-urg != 0"},
	{"ip.flags.df", "ip[6] & 0x40 != 0"},
	{"ip.flags.mf", "ip[6] & 0x20 != 0"},
	{"bgp", "tcp port 179"},
	{"bootp", "udp portrange 67-68"},
	{"dhcp", "udp portrange 67-68"},
	{"dhcpv6", "udp portrange 546-547"},
	{"dns", "port 53"},
	{"ftp", "tcp port 21"},
	{"gre", "ip proto 47"},
	{"http", "tcp port 80"},
	{"http2", "tcp port 443"},
	{"icmpv6", "icmp6"},
	{"imap", "tcp port 143"},
	{"ipv6", "ip6"},
	{"ldap", "tcp port 389"},
	{"lldp", "ether proto 0x88cc"},
	{"llmnr", "udp port 5355"},
	{"mdns", "udp port 5353"},
	{"mqtt", "tcp port 1883"},
	{"mysql", "tcp port 3306"},
	{"nbns", "udp port 137"},
	{"nfs", "port 2049"},
	{"ntp", "udp port 123"},
	{"ospf", "ip proto 89"},
	{"pgsql", "tcp port 5432"},
	{"pop", "tcp port 110"},
	{"quic", "udp port 443"},
	{"radius", "udp portrange 1812-1813"},
	{"rdp", "port 3389"},
	{"sip", "port 5060"},
	{"smb", "tcp port 445"},
	{"smb2", "tcp port 445"},
	{"smtp", "tcp port 25"},
	{"snmp", "udp portrange 161-162"},
	{"ssdp", "udp port 1900"},
	{"ssh", "tcp port 22"},
	{"ssl", "tcp port 443"},
	{"syslog", "udp port 514"},
	{"telnet", "tcp port 23"},
	{"tftp", "udp port 69"},
	{"tls", "tcp port 443"},
	{"vxlan", "udp port 4789"},
};

/* Protocols whose fields begin with their name, beside those of the tables above. */
static const char *const protocols[] = {"arp",  "data", "eth", "frame", "icmp", "ip",
					"sctp", "sll",  "tcp", "udp",   "vlan", "wlan"};

/* Each with what it is in pcap-filter(7); NULL: it has no counterpart. */
static const struct field operators[] = {
	{"==", "=="}, {"=", "=="},  {"!=", "!="},       {">=", ">="},      {"<=", "<="}, {">", ">"},
	{"<", "<"},   {"eq", "=="}, {"ne", "!="},       {"ge", ">="},      {"le", "<="}, {"gt", ">"},
	{"lt", "<"},  {"~", NULL},  {"contains", NULL}, {"matches", NULL},
};

/* Words of pcap-filter(7) behind which names are those of hosts, networks, ports and protocols. */
static const char *const qualifiers[] = {"host", "src", "dst", "net", "port", "portrange", "proto", "gateway"};

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

static const struct field *find_operator(const char *word)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++)
		if (!strcmp(word, operators[i].name))
			return &operators[i];
	return NULL;
}

static bool is_one_of(const char *const *words, size_t count, const char *word, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == length && !strncmp(words[i], word, length))
			return true;
	return false;
}

static bool is_qualifier(const char *word)
{
	return is_one_of(qualifiers, sizeof(qualifiers) / sizeof(*qualifiers), word, strlen(word));
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

static const char *find_number(const char *name)
{
	return find(numbers, sizeof(numbers) / sizeof(*numbers), name);
}

static const char *find_name(const char *name)
{
	return find(names, sizeof(names) / sizeof(*names), name);
}

static bool is_known(const char *word)
{
	return find_field(word) || find_number(word) || find_name(word);
}

/* Whether a word is a field of a protocol that Wireshark has: http.request. */
static bool has_protocol(const char *word)
{
	size_t length = strcspn(word, ".");
	char protocol[WORD_MAX];

	snprintf(protocol, sizeof(protocol), "%.*s", (int)length, word);
	return is_field(word) &&
	       (is_one_of(protocols, sizeof(protocols) / sizeof(*protocols), word, length) || find_name(protocol));
}

bool display_filter_is_meant(const char *text)
{
	char word[WORD_MAX], next[WORD_MAX];
	const char *at = next_word(text, word);
	bool is_qualified = false, was_qualifier = false;

	for (; *word; at = next_word(at, word)) {
		next_word(at, next);
		if (is_field(word) && (find_operator(next) || (is_known(word) && !was_qualifier)))
			return true;
		was_qualifier = is_qualifier(word);
		is_qualified |= was_qualifier;
		if (!is_qualified &&
		    (find_name(word) || has_protocol(word) || (isalpha((unsigned char)*word) && find_operator(word))))
			return true;
	}
	return false;
}

static bool append(char *result, size_t size, const char *word)
{
	size_t length = strlen(result);
	const char *gap = length && result[length - 1] != '(' && strcmp(word, ")") != 0 ? " " : "";

	return snprintf(result + length, size - length, "%s%s", gap, word) < (int)(size - length);
}

/* A comparison of a number. Returns what follows, or NULL. */
static const char *translate_number(const char *at, const char *number, char *result, size_t size)
{
	char operator[WORD_MAX], value[WORD_MAX], text[COMPARISON_MAX];
	const char *end = next_word(next_word(at, operator), value);
	const struct field *meaning = find_operator(operator);

	if (!meaning || !meaning->equal || !isdigit((unsigned char)*value))
		return NULL;
	snprintf(text, sizeof(text), "%s %s %s", number, meaning->equal, value);
	return append(result, size, text) ? end : NULL;
}

/* FIELD == VALUE, or FIELD != VALUE. Returns what follows, or NULL. */
static const char *translate_comparison(const char *at, const char *pattern, char *result, size_t size)
{
	char operator[WORD_MAX], value[WORD_MAX], text[COMPARISON_MAX], net[WORD_MAX];
	const char *end = next_word(next_word(at, operator), value), *place = strstr(pattern, "%s"), *escape = "";
	const struct field *meaning = find_operator(operator);
	bool equal = meaning && meaning->equal && !strcmp(meaning->equal, "==");
	bool unequal = meaning && meaning->equal && !strcmp(meaning->equal, "!=");

	if (!*value || !place)
		return NULL;
	if (strstr(pattern, "proto %s") && isalpha((unsigned char)*value)) { /* a keyword by itself */
		escape = "\\";
		for (char *letter = value; *letter; letter++)
			*letter = (char)tolower((unsigned char)*letter);
	}
	if (strchr(value, '/') && strstr(pattern, "host %s") && strncmp(pattern, "ether", 5) != 0) {
		snprintf(net, sizeof(net), "%.*snet %%s", (int)(strlen(pattern) - strlen("host %s")), pattern);
		pattern = net;
		place = strstr(net, "%s");
	}
	if (unequal && (!strncmp(pattern, "tcp", 3) || !strncmp(pattern, "udp", 3))) /* only where there is a port */
		snprintf(text, sizeof(text), "(%.3s and not %.*s%s)", pattern, (int)(place - pattern), pattern, value);
	else if (equal || unequal)
		snprintf(text, sizeof(text), "%s%.*s%s%s", unequal ? "not " : "", (int)(place - pattern), pattern,
			 escape, value);
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

	if (!find_operator(operator))
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
		return translate_comparison(at, pattern, result, size);
	pattern = find_number(word);
	if (pattern)
		return translate_number(at, pattern, result, size);
	pattern = find_name(word);
	if (pattern)
		return translate_name(at, pattern, word, result, size);
	if (is_field(word) || find_operator(word))
		return NULL;
	return append(result, size, translate_joint(word)) ? at : NULL;
}

/* Whether libpcap takes an expression. One with the name of a host is not tried, since that would be looked up. */
static bool is_taken(const char *expression)
{
	for (const char *at = expression; (at = strstr(at, "host ")); at += strlen("host "))
		if (isalpha((unsigned char)at[strlen("host ")]))
			return true;
	return expression_rejects_all(expression, LINK_ETHERNET) >= 0;
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
	if (!at || (has_and && has_or) || !result[1] || !is_taken(result + 1))
		return false;
	snprintf(result + strlen(result), size - strlen(result), "'");
	return true;
}

bool display_filter_event(const char *text, char *option, size_t size)
{
	static const char analysis[] = "tcp.analysis.";
	static const char *const events[][2] = {
		{"flags", "any"},
		{"retransmission", "retransmission"},
		{"fast_retransmission", "retransmission"},
		{"spurious_retransmission", "retransmission"},
		{"out_of_order", "out-of-order"},
		{"lost_segment", "lost-segment"},
		{"duplicate_ack", "duplicate-ack"},
		{"zero_window", "zero-window"},
		{"window_full", "window-full"},
		{"keep_alive", "keep-alive"},
	};

	if (strncmp(text, analysis, strlen(analysis)) != 0)
		return false;
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		if (strcmp(text + strlen(analysis), events[i][0]) != 0)
			continue;
		snprintf(option, size, "--tcp-event=%s", events[i][1]);
		return true;
	}
	return false;
}
