/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_slip.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text_builder.h"
#include "filter/expression.h"
#include "filter/prefix.h"

/* Put a text together that the expression may stand for. */
typedef void rewriter(const char *text, struct text_builder *meant);

static void in_small_letters(const char *text, struct text_builder *meant)
{
	for (; *text; text++)
		text_builder_add(meant, "%c", tolower((unsigned char)*text));
}

static void as_host(const char *text, struct text_builder *meant)
{
	struct prefix prefix;

	if (!prefix_parse(text, strlen(text), &prefix) && !strchr(text, '/'))
		text_builder_add(meant, "host %s", text);
}

static void as_network(const char *text, struct text_builder *meant)
{
	text_builder_add(meant, "net %s", text);
}

static void as_port(const char *text, struct text_builder *meant)
{
	text_builder_add(meant, "port %s", text);
}

static void replace(const char *text, const char *old, const char *new, struct text_builder *meant)
{
	for (const char *at; (at = strstr(text, old)); text = at + strlen(old))
		text_builder_add(meant, "%.*s%s", (int)(at - text), text, new);
	text_builder_add(meant, "%s", text);
}

/* `host` before a prefix. */
static void net_for_host(const char *text, struct text_builder *meant)
{
	replace(text, "host ", "net ", meant);
}

/* `port` before a range. */
static void range_for_port(const char *text, struct text_builder *meant)
{
	replace(text, "port ", "portrange ", meant);
}

/* Commas between values. */
static void or_for_commas(const char *text, struct text_builder *meant)
{
	for (size_t length = strcspn(text, ","); text[length]; length = strcspn(text, ",")) {
		text_builder_add(meant, "%.*s or ", (int)length, text);
		text += length + 1;
		text += strspn(text, " ");
	}
	text_builder_add(meant, "%s", text);
}

static bool is_joint(const char *word, size_t length)
{
	return (length == 3 && !strncmp(word, "and", 3)) || (length == 2 && !strncmp(word, "or", 2)) ||
	       strchr("&|)<>=!", *word);
}

/* `and` is missing behind a value: host 10.9.0.1 port 53. */
static void and_behind_values(const char *text, struct text_builder *meant)
{
	bool after_value = false;

	while (*text) {
		size_t length = strcspn(text, " ");

		text_builder_add(meant, "%s%s%.*s", meant->length ? " " : "",
				 after_value && !is_joint(text, length) ? "and " : "", (int)length, text);
		after_value = isdigit((unsigned char)*text);
		text += length;
		text += strspn(text, " ");
	}
}

/* An address of IPv4 and a port in one word: src 10.9.0.1:53. */
static void port_behind_address(const char *text, struct text_builder *meant)
{
	static const char *const ends[] = {"src ", "dst "};
	const char *colon = strchr(text, ':'), *word = colon, *end = "";
	struct prefix prefix;

	while (word && word > text && word[-1] != ' ')
		word--;
	if (!word || prefix_parse(word, (size_t)(colon - word), &prefix))
		return;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (strstr(text, ends[i]) == text)
			end = ends[i];
	text_builder_add(meant, "%s%.*s and %sport %s", word == text ? "host " : "", (int)(colon - text), text, end,
			 colon + 1);
}

/* A number, an address, a prefix, or the beginning of an IPv4 address: 10.9. Anything else may be a name to libpcap. */
static bool is_value(const char *word, size_t length)
{
	struct prefix prefix;
	size_t dots = 0;

	if (!prefix_parse(word, length, &prefix))
		return true;
	for (size_t i = 0; i < length; i++) {
		bool is_dot = word[i] == '.';

		if (!isdigit((unsigned char)word[i]) && (!is_dot || !i || i == length - 1 || word[i - 1] == '.'))
			return false;
		dots += is_dot;
	}
	return dots <= 2;
}

/* Two numbers, which `portrange` takes. */
static bool is_range(const char *word, size_t length)
{
	size_t first = strspn(word, "0123456789");

	return first && first < length && word[first] == '-' &&
	       strspn(word + first + 1, "0123456789") == length - first - 1;
}

/* Whether libpcap has nothing to look up: other words may be names of hosts, networks, services or protocols. What
 * reads a file is not allowed to, once it has given up its power. */
static bool has_only_known_words(const char *text)
{
	static const char words[] =
		" and or not host net src dst port portrange tcp udp sctp icmp icmp6 ip ip6 arp rarp "
		"proto less greater len vlan mpls in out inbound outbound multicast broadcast ";
	static const char separators[] = " ()!&|<>=[]";
	bool wants_range = false;

	for (const char *word = text + strspn(text, separators); *word; word += strspn(word, separators)) {
		size_t length = strcspn(word, separators);
		char key[EXPRESSION_SLIP_MAX];

		snprintf(key, sizeof(key), " %.*s ", (int)length, word);
		if (!is_value(word, length) && !(wants_range && is_range(word, length)) && !strstr(words, key))
			return false;
		wants_range = !strcmp(key, " portrange ");
		word += length;
	}
	return true;
}

bool expression_slip(const char *text, char meant[EXPRESSION_SLIP_MAX])
{
	static rewriter *const rewriters[] = {
		in_small_letters, as_port,       as_host,           as_network,          net_for_host,
		range_for_port,   or_for_commas, and_behind_values, port_behind_address,
	};

	for (size_t i = 0; i < sizeof(rewriters) / sizeof(*rewriters); i++) {
		struct text_builder builder = text_builder_begin(meant, EXPRESSION_SLIP_MAX);

		rewriters[i](text, &builder);
		if (builder.length && builder.length < EXPRESSION_SLIP_MAX - 1 && strcmp(meant, text) != 0 &&
		    has_only_known_words(meant) && !expression_rejects_all(meant, LINK_ETHERNET))
			return true;
	}
	return false;
}
