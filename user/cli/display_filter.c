/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/display_filter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text_builder.h"
#include "cli/display_filter_internal.h"

_Static_assert((int)DISPLAY_EXPRESSION_MAX == (int)DISPLAY_TEXT_MAX, "an expression fits");

/* Protocols whose fields begin with their name, beside those that have a counterpart of another name. */
static const char *const protocols[] = {"arp",  "data", "eth", "frame", "icmp", "ip",
					"sctp", "sll",  "tcp", "udp",   "vlan", "wlan"};

/* Of these, those that are no words of pcap-filter(7). */
static const char *const foreign_protocols[] = {"data", "eth", "frame", "sll"};

/* Words of pcap-filter(7) behind which names are those of hosts, networks, ports and protocols. */
static const char *const qualifiers[] = {"host", "src", "dst", "net", "port", "portrange", "proto", "gateway"};

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

/* Whether a word by itself stands for packets. */
static bool is_name(const char *word)
{
	const struct display_field *field = display_field_find(word);

	return (field && (field->kind == DISPLAY_NAME || field->kind == DISPLAY_FLAG)) ||
	       is_one_of(foreign_protocols, sizeof(foreign_protocols) / sizeof(*foreign_protocols), word, strlen(word));
}

/* Whether a word is a field of a protocol that Wireshark has: http.request. */
static bool has_protocol(const char *word)
{
	size_t length = strcspn(word, ".");
	char protocol[DISPLAY_WORD_MAX];

	snprintf(protocol, sizeof(protocol), "%.*s", (int)length, word);
	return display_word_is_field(word) &&
	       (is_one_of(protocols, sizeof(protocols) / sizeof(*protocols), word, length) || is_name(protocol) ||
		!strcmp(protocol, "_ws"));
}

bool display_filter_is_meant(const char *text)
{
	char word[DISPLAY_WORD_MAX], next[DISPLAY_WORD_MAX];
	const char *at = display_word_next(text, word), *meaning;
	bool is_qualified = false, was_qualifier = false;

	for (; *word; at = display_word_next(at, word)) {
		display_word_next(at, next);
		if (display_word_is_field(word) &&
		    (display_word_operator(next, &meaning) || (display_field_find(word) && !was_qualifier)))
			return true;
		was_qualifier = is_qualifier(word);
		is_qualified |= was_qualifier;
		if (!is_qualified && (is_name(word) || has_protocol(word) ||
				      (isalpha((unsigned char)*word) && display_word_operator(word, &meaning))))
			return true;
	}
	return false;
}

/* The end of a text in brackets that close at it; NULL: it is in none. */
static char *closing_bracket(const char *text)
{
	char word[DISPLAY_WORD_MAX];
	const char *at = display_word_next(text, word);
	int depth = 0;

	if (strcmp(word, "(") != 0)
		return NULL;
	for (; *word; at = display_word_next(at, word)) {
		depth += !strcmp(word, "(") - !strcmp(word, ")");
		if (!depth)
			break;
	}
	return *word && !at[strspn(at, " \t")] ? (char *)at - 1 : NULL;
}

static char *without_brackets(char *text)
{
	for (char *end; (end = closing_bracket(text));) {
		*end = '\0';
		text = strchr(text, '(') + 1;
	}
	return text;
}

/* Find the `and` that ends the first part of a text outside brackets; *next is what follows it. Returns the end of the
 * part. NULL, if `or` joins parts. */
static char *find_and(const char *text, const char **next)
{
	char word[DISPLAY_WORD_MAX];
	const char *before = text, *at = display_word_next(text, word), *end = NULL;
	int depth = 0;

	*next = text + strlen(text);
	for (; *word; before = at, at = display_word_next(at, word)) {
		depth += !strcmp(word, "(") - !strcmp(word, ")");
		if (!depth && !strcmp(display_word_joint(word), "or"))
			return NULL;
		if (depth || end || strcmp(display_word_joint(word), "and") != 0)
			continue;
		end = before;
		*next = at;
	}
	return (char *)(end ? end : at);
}

/* Take the parts that options serve out of a text; `rest` is what is left. */
static void take_options(char *text, struct display_options *options, struct text_builder *rest)
{
	while (*text) {
		const char *next;
		char *end = find_and(text, &next), part[DISPLAY_TEXT_MAX];

		if (!end)
			end = text + strlen(text), next = end;
		snprintf(part, sizeof(part), "%.*s", (int)(end - text), text);
		if (!display_options_add(options, without_brackets(part)))
			text_builder_add(rest, "%s%.*s", rest->length ? " && " : "", (int)(end - text), text);
		text = (char *)next;
	}
}

bool display_filter_translate(const char *text, struct display_meaning *meaning)
{
	struct display_options options = {0};
	char copy[DISPLAY_TEXT_MAX], rest[DISPLAY_TEXT_MAX + 32], *inside;
	struct text_builder left = text_builder_begin(rest, sizeof(rest));
	struct text_builder written = text_builder_begin(meaning->options, sizeof(meaning->options));

	*meaning->expression = '\0';
	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		return false;
	inside = without_brackets(copy);
	inside += strspn(inside, " \t");
	if (!strcmp(inside, "frame") || !strcmp(inside, "eth")) {
		text_builder_add(&written, "--protocol=all");
		return true;
	}
	take_options(inside, &options, &left);
	if (*options.flags)
		text_builder_add(&written, strchr(options.flags, '!') ? "--tcp-flags='%s'" : "--tcp-flags=%s",
				 options.flags);
	if (*options.events)
		text_builder_add(&written, "%s--tcp-event=%s", written.length ? " " : "", options.events);
	if (written.length)
		text = rest;
	return (written.length && !*rest) || display_expression(text, meaning->expression);
}

void display_filter_write(const struct display_meaning *meaning, char *text, size_t size)
{
	/* libpcap finds no header behind that of IPv6 */
	const bool ipv4 = strstr(meaning->expression, "tcp[") || strstr(meaning->expression, "udp[");

	snprintf(text, size, "%s%s%s%s%s%s", meaning->options, *meaning->options && *meaning->expression ? " " : "",
		 *meaning->expression ? "'" : "", meaning->expression, *meaning->expression ? "'" : "",
		 ipv4 ? " (IPv4 only)" : "");
}
