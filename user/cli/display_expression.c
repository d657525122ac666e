/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_builder.h"
#include "cli/display_filter_internal.h"
#include "filter/expression.h"
#include "filter/prefix.h"

enum { ETHERTYPE_MIN = 0x600 };

/* The expression as far as it is translated, and the same with an address in place of each name of a host, which
 * libpcap would look up. */
struct translation {
	struct text_builder text, probe;
	bool has_or;
};

static void add(struct translation *to, const char *text)
{
	text_builder_add(&to->text, "%s", text);
	text_builder_add(&to->probe, "%s", text);
}

/* A blank before a word, unless it begins the text or a bracket. */
static void add_gap(struct translation *to, const char *word)
{
	if (to->text.length && to->text.text[to->text.length - 1] != '(' && strcmp(word, ")") != 0)
		add(to, " ");
}

/* Whether a word is a number from min to max, as C has it. */
static bool is_number(const char *word, unsigned long min, unsigned long max)
{
	char *end;
	unsigned long number = strtoul(word, &end, 0);

	return isdigit((unsigned char)*word) && !*end && number >= min && number <= max;
}

static bool is_keyword(const char *word)
{
	size_t length = 0;

	while (isalnum((unsigned char)word[length]) || word[length] == '-')
		length++;
	return isalpha((unsigned char)*word) && !word[length];
}

static bool is_name_of_host(const char *word)
{
	return isalpha((unsigned char)*word) && !word[strcspn(word, ":/")];
}

/* Add an address, a prefix or a name. False if a value is none. */
static bool add_host(struct translation *to, const char *value)
{
	struct prefix prefix;

	if (!prefix_parse(value, strlen(value), &prefix)) {
		add(to, strchr(value, '/') ? "net " : "host ");
		add(to, value);
		return true;
	}
	add(to, "host ");
	text_builder_add(&to->text, "%s", value);
	text_builder_add(&to->probe, "192.0.2.1");
	return is_name_of_host(value);
}

/* A keyword needs an escape behind `proto`. */
static bool add_keyword(struct translation *to, char *value)
{
	for (char *letter = value; *letter; letter++)
		*letter = (char)tolower((unsigned char)*letter);
	add(to, "\\");
	add(to, value);
	return is_keyword(value);
}

/* Add what a field is compared with. False if the value does not fit the field. */
static bool add_value(struct translation *to, const struct display_field *field, char *value)
{
	switch (field->kind) {
	case DISPLAY_HOST:
		return add_host(to, value);
	case DISPLAY_ETHER:
		add(to, value);
		return ether_aton(value) != NULL;
	case DISPLAY_ETHERTYPE:
	case DISPLAY_PROTOCOL:
		if (!isdigit((unsigned char)*value))
			return add_keyword(to, value);
		add(to, value); /* libpcap takes a smaller EtherType for a service access point */
		return is_number(value, field->kind == DISPLAY_ETHERTYPE ? ETHERTYPE_MIN : 0, field->max);
	case DISPLAY_PORT:
		add(to, value);
		return is_keyword(value) || is_number(value, 0, field->max);
	default:
		add(to, value);
		return is_number(value, 0, field->max);
	}
}

/* An address may be of the other family than the field. */
static const char *within(const struct display_field *field, const char *value)
{
	struct prefix prefix;

	if (field->kind != DISPLAY_HOST || prefix_parse(value, strlen(value), &prefix))
		return field->within;
	return prefix_is_ipv4(&prefix) ? "ip" : "ip6";
}

/* FIELD == VALUE, or FIELD != VALUE, which only a packet with the field matches. */
static bool add_comparison(struct translation *to, const struct display_field *field, const char *operator,
			   char * value)
{
	const bool equal = !strcmp(operator, "=="), unequal = !strcmp(operator, "!=");
	const char *has = unequal ? within(field, value) : NULL;

	if (!equal && (!unequal || field->kind == DISPLAY_VLAN)) /* `vlan` moves what follows to the inner header */
		return false;
	if (has) {
		add(to, "(");
		add(to, has);
		add(to, " and ");
	}
	add(to, unequal ? "not " : "");
	add(to, field->meaning);
	if (!add_value(to, field, value))
		return false;
	add(to, has ? ")" : "");
	return true;
}

static bool add_number(struct translation *to, const struct display_field *field, const char *operator,
		       const char * value)
{
	char text[DISPLAY_TEXT_MAX];

	snprintf(text, sizeof(text), "%s%s%s%s %s %s%s", field->within ? "(" : "", field->within ? field->within : "",
		 field->within ? " and " : "", field->meaning, operator, value, field->within ? ")" : "");
	add(to, text);
	return is_number(value, 0, field->max);
}

/* Wireshark has the field for both versions of IP. */
static bool add_version(struct translation *to, const char *operator, const char * value)
{
	const bool equal = !strcmp(operator, "=="), is_4 = !strcmp(value, "4");

	add(to, equal == is_4 ? "ip" : "ip6");
	return (equal || !strcmp(operator, "!=")) && (is_4 || !strcmp(value, "6"));
}

static const char *translate_flag(struct translation *to, const struct display_field *field, const char *at)
{
	bool set;
	const char *end = display_word_flag(at, &set);

	add(to, field->meaning);
	add(to, set ? " != 0" : " == 0");
	return end;
}

/* The protocol column of the list of packets, where it names what pcap-filter(7) has too. */
static const char *translate_column(struct translation *to, const char *at)
{
	char operator[DISPLAY_WORD_MAX], value[DISPLAY_WORD_MAX];
	const char *end = display_word_next(display_word_next(at, operator), value), *meaning;
	const struct display_field *field;

	if (!display_word_operator(operator, & meaning) || !meaning || strcmp(meaning, "==") != 0 || !is_keyword(value))
		return NULL;
	for (char *letter = value; *letter; letter++)
		*letter = (char)tolower((unsigned char)*letter);
	field = display_field_find(value);
	add(to, field ? field->meaning : value);
	return end;
}

/* A field with its operator and its value. Returns what follows, or NULL. */
static const char *translate_field(struct translation *to, const struct display_field *field, const char *at)
{
	char operator[DISPLAY_WORD_MAX], value[DISPLAY_WORD_MAX];
	const char *end = display_word_next(display_word_next(at, operator), value), *meaning;
	bool done;

	if (!display_word_operator(operator, & meaning) || !meaning)
		return NULL;
	done = field->kind == DISPLAY_NUMBER    ? add_number(to, field, meaning, value)
	       : field->kind == DISPLAY_VERSION ? add_version(to, meaning, value)
						: add_comparison(to, field, meaning, value);
	return done ? end : NULL;
}

/* What follows `vlan` in an expression is read behind the tag, and what stands before it is not. */
static bool is_out_of_place(const struct translation *to, const char *word)
{
	return (!strcmp(word, "vlan") || !strcmp(word, "vlan.id")) && (to->text.length || to->has_or);
}

/* Translate the word before `at`, with what belongs to it. Returns what follows, or NULL. */
static const char *translate_word(struct translation *to, const char *word, const char *at)
{
	const struct display_field *field = display_field_find(word);
	const char *meaning;
	char next[DISPLAY_WORD_MAX];

	display_word_next(at, next);
	if (is_out_of_place(to, word))
		return NULL;
	add_gap(to, word);
	if (field && field->kind == DISPLAY_FLAG)
		return translate_flag(to, field, at);
	if (field && field->kind != DISPLAY_NAME)
		return translate_field(to, field, at);
	if (!strcasecmp(word, "_ws.col.protocol"))
		return translate_column(to, at);
	if (display_word_is_field(word) || display_word_operator(word, &meaning) ||
	    (field && display_word_operator(next, &meaning)))
		return NULL;
	add(to, field ? field->meaning : display_word_joint(word));
	return at;
}

/* In display filters && binds more tightly than ||; in pcap-filter(7) they bind equally. */
static bool has_both_joints(const char *text, bool *has_or)
{
	char word[DISPLAY_WORD_MAX];
	bool has_and = false;

	for (const char *at = display_word_next(text, word); *word; at = display_word_next(at, word)) {
		has_and |= !strcmp(display_word_joint(word), "and");
		*has_or |= !strcmp(display_word_joint(word), "or");
	}
	return has_and && *has_or;
}

bool display_expression(const char *text, char expression[DISPLAY_TEXT_MAX])
{
	char word[DISPLAY_WORD_MAX], probe[DISPLAY_TEXT_MAX];
	struct translation to = {
		.text = text_builder_begin(expression, DISPLAY_TEXT_MAX),
		.probe = text_builder_begin(probe, DISPLAY_TEXT_MAX),
	};
	const char *at;

	if (has_both_joints(text, &to.has_or))
		return false;
	for (at = display_word_next(text, word); at && *word;) {
		at = translate_word(&to, word, at);
		if (at)
			at = display_word_next(at, word);
	}
	return at && to.text.length && to.text.length < DISPLAY_TEXT_MAX - 1 &&
	       to.probe.length < DISPLAY_TEXT_MAX - 1 && expression_rejects_all(probe, LINK_ETHERNET) >= 0;
}
