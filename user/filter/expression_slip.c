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

/* Whether a word is one of `words`, which blanks surround. */
static bool is_in(const char *words, const char *word, size_t length)
{
	char key[EXPRESSION_SLIP_MAX];

	snprintf(key, sizeof(key), " %.*s ", (int)length, word);
	return strstr(words, key) != NULL;
}

/* Services that every system knows. */
static bool is_service(const char *word, size_t length)
{
	return is_in(" domain ftp http https imap imaps ldap ntp pop3 smtp snmp ssh syslog telnet tftp ", word, length);
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

static bool is_joint(const char *word, size_t length)
{
	return (length == 3 && !strncmp(word, "and", 3)) || (length == 2 && !strncmp(word, "or", 2)) ||
	       strchr("&|)<>=!", *word);
}

/* What a value belongs to. */
enum kind { KIND_NONE, KIND_PORT, KIND_HOST, KIND_OTHER };

/* That of the values behind a word of pcap-filter(7); KIND_NONE: it is none that values follow. */
static enum kind kind_behind(const char *word, size_t length)
{
	return is_in(" port ", word, length)                                                 ? KIND_PORT
	       : is_in(" host net src dst ", word, length)                                   ? KIND_HOST
	       : is_in(" portrange proto less greater len vlan mpls gateway ", word, length) ? KIND_OTHER
											     : KIND_NONE;
}

/* That of a value; KIND_NONE: it is none. */
static enum kind kind_of(const char *word, size_t length)
{
	if (is_service(word, length) || (length && strspn(word, "0123456789") >= length))
		return KIND_PORT;
	return is_value(word, length) ? KIND_HOST : isdigit((unsigned char)*word) ? KIND_OTHER : KIND_NONE;
}

/* What must stand before a value. */
static const char *qualifier(const char *word, size_t length)
{
	struct prefix prefix;

	if (kind_of(word, length) == KIND_PORT)
		return "port ";
	return !prefix_parse(word, length, &prefix) && !memchr(word, '/', length) ? "host " : "net ";
}

/* What is missing between a word and the next, which is of a kind. `of` is the kind of the word before, `protocol`
 * whether it is one. */
static const char *joint_before(enum kind of, enum kind kind, bool protocol)
{
	if (of == KIND_NONE)
		return protocol && kind == KIND_HOST ? "and " : ""; /* tcp port 80, but not tcp host */
	return of == kind ? "or " : "and ";
}

/* Values without a word that says what they are, or without `and` or `or` behind the value before: 10.9.0.1, tcp 80,
 * host 10.9.0.1 port 53, port 80 443. */
static void complete(const char *text, struct text_builder *meant)
{
	enum kind known = KIND_NONE, before = KIND_NONE; /* what values are now, and what the word before is */
	bool is_said = false, is_protocol = false;

	while (*text) {
		size_t length = strcspn(text, " ");
		enum kind said = kind_behind(text, length), kind = is_said ? known : kind_of(text, length);
		bool is_new = kind != KIND_NONE && kind != known;

		if (is_new && known == KIND_OTHER) { /* portrange 80-90 443: no value by itself is what is meant */
			meant->length = 0;
			return;
		}
		text_builder_add(meant, "%s%s%s%.*s", meant->length ? " " : "",
				 is_joint(text, length) ? "" : joint_before(before, kind, is_protocol),
				 is_new ? qualifier(text, length) : "", (int)length, text);
		known = said != KIND_NONE ? said : is_new ? kind : known;
		is_said = said != KIND_NONE;
		is_protocol = is_in(" tcp udp sctp ", text, length);
		before = is_said ? KIND_NONE : kind;
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

/* Two numbers, which `portrange` takes. */
static bool is_range(const char *word, size_t length)
{
	size_t first = strspn(word, "0123456789");

	return first && first < length && word[first] == '-' &&
	       strspn(word + first + 1, "0123456789") == length - first - 1;
}

/* Copy an expression with a number in place of each service, which libpcap would look up. False if other words may be
 * names of hosts, networks, services or protocols. What reads a file is not allowed to look up any, once it has given
 * up its power. */
static bool without_names(const char *text, struct text_builder *probe)
{
	static const char words[] =
		" and or not host net src dst port portrange tcp udp sctp icmp icmp6 ip ip6 arp rarp "
		"proto less greater len vlan mpls in out inbound outbound multicast broadcast ";
	static const char separators[] = " ()!&|<>=[]";
	bool wants_range = false;

	for (size_t length; *text; text += length) {
		size_t gap = strspn(text, separators);
		const char *word = text + gap;

		length = gap + strcspn(word, separators);
		if (length > gap && !is_value(word, length - gap) && !(wants_range && is_range(word, length - gap)) &&
		    !is_in(words, word, length - gap) && !is_service(word, length - gap))
			return false;
		wants_range = is_in(" portrange ", word, length - gap);
		if (is_service(word, length - gap))
			text_builder_add(probe, "%.*s1", (int)gap, text);
		else
			text_builder_add(probe, "%.*s", (int)length, text);
	}
	return true;
}

static bool is_taken(const char *text)
{
	char copy[EXPRESSION_SLIP_MAX];
	struct text_builder probe = text_builder_begin(copy, sizeof(copy));

	return without_names(text, &probe) && !expression_rejects_all(copy, LINK_ETHERNET);
}

bool expression_slip(const char *text, char meant[EXPRESSION_SLIP_MAX])
{
	static rewriter *const rewriters[] = {
		in_small_letters, complete, net_for_host, range_for_port, or_for_commas, port_behind_address,
	};

	for (size_t i = 0; i < sizeof(rewriters) / sizeof(*rewriters); i++) {
		struct text_builder builder = text_builder_begin(meant, EXPRESSION_SLIP_MAX);

		rewriters[i](text, &builder);
		if (builder.length && builder.length < EXPRESSION_SLIP_MAX - 1 && strcmp(meant, text) != 0 &&
		    is_taken(meant))
			return true;
	}
	return false;
}
