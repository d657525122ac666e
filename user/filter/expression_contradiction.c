/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_contradiction.h"

#include <stdio.h>
#include <string.h>

#include "base/text_builder.h"
#include "filter/expression.h"
#include "filter/list_values.h"

enum {
	TEXT_MAX = 1024,  /* bytes of an expression that is looked at: a longer one takes long to compile */
	QUOTED_MAX = 128, /* bytes of an expression that is written anew, terminator included */
	PARTS_MAX = 8,
};

static const char blanks[] = " \t";

/* What `and` joins in an expression. */
struct parts {
	struct {
		const char *text;
		size_t length;
	} items[PARTS_MAX];
	size_t count;
};

bool expression_contradicts_itself(const char *text)
{
	return strlen(text) <= TEXT_MAX && expression_rejects_all(text, LINK_ETHERNET) == 1 &&
	       expression_rejects_all(text, LINK_LINUX_SLL2) != 0;
}

static bool is_and(const char *word, size_t length)
{
	return (length == 3 && !strncmp(word, "and", 3)) || (length == 2 && !strncmp(word, "&&", 2));
}

/* Split an expression at each `and`. False if it has negations, brackets or `or`, or is long, or has too many parts. */
static bool split(const char *text, struct parts *parts)
{
	bool begins = true;

	parts->count = 0;
	if (strlen(text) >= QUOTED_MAX / 2 || strpbrk(text, "!()|") || strstr(text, "not ") || strstr(text, " or "))
		return false;
	for (const char *word = text + strspn(text, blanks); *word; word += strspn(word, blanks)) {
		size_t length = strcspn(word, blanks);

		if (is_and(word, length)) {
			begins = true;
		} else {
			if (begins && parts->count == PARTS_MAX)
				return false;
			if (begins)
				parts->items[parts->count++].text = word;
			begins = false;
			parts->items[parts->count - 1].length =
				(size_t)(word + length - parts->items[parts->count - 1].text);
		}
		word += length;
	}
	return parts->count > 1;
}

static void add_part(struct text_builder *to, const struct parts *parts, size_t i, const char *joint)
{
	text_builder_add(to, "%s%.*s", joint, (int)parts->items[i].length, parts->items[i].text);
}

/* Find two parts that exclude each other. */
static bool find_pair(const struct parts *parts, size_t pair[2])
{
	char both[QUOTED_MAX];

	for (pair[0] = 0; pair[0] < parts->count; pair[0]++)
		for (pair[1] = pair[0] + 1; pair[1] < parts->count; pair[1]++) {
			struct text_builder text = text_builder_begin(both, sizeof(both));

			add_part(&text, parts, pair[0], "");
			add_part(&text, parts, pair[1], " and ");
			if (expression_contradicts_itself(both))
				return true;
		}
	return false;
}

/* Join the two by `or`, and the others to them by `and`. */
static void join(const struct parts *parts, const size_t pair[2], char *joined)
{
	struct text_builder text = text_builder_begin(joined, QUOTED_MAX);
	const bool has_others = parts->count > 2;

	add_part(&text, parts, pair[0], has_others ? "(" : "");
	add_part(&text, parts, pair[1], " or ");
	text_builder_add(&text, "%s", has_others ? ")" : "");
	for (size_t i = 0; i < parts->count; i++)
		if (i != pair[0] && i != pair[1])
			add_part(&text, parts, i, " and ");
}

static bool are_protocols(const struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		if (protocol_parse(parts->items[i].text, parts->items[i].length) < 0)
			return false;
	return true;
}

/* Protocols, of which a packet has one. */
static void advise_protocols(const struct parts *parts, char *advice, size_t size)
{
	struct text_builder text = text_builder_begin(advice, size);

	text_builder_add(&text, "a packet has only one of these protocols; write ");
	for (size_t i = 0; i < parts->count; i++)
		add_part(&text, parts, i, i ? " or " : "'");
	for (size_t i = 0; i < parts->count; i++)
		add_part(&text, parts, i, i ? "," : "', or --protocol=");
}

/* What to write in place of an expression that contradicts itself. */
static void advise(const char *text, char *advice, size_t size)
{
	struct parts parts;
	char either[QUOTED_MAX];
	size_t pair[2];

	if (!split(text, &parts)) {
		snprintf(advice, size, "leave out a part of it");
		return;
	}
	if (are_protocols(&parts)) {
		advise_protocols(&parts, advice, size);
		return;
	}
	*either = '\0';
	if (find_pair(&parts, pair))
		join(&parts, pair, either);
	if (!*either || expression_rejects_all(either, LINK_ETHERNET))
		snprintf(advice, size, "leave out a part of it");
	else
		snprintf(advice, size, "'%.*s' and '%.*s' exclude each other; write '%s' for packets that match either",
			 (int)parts.items[pair[0]].length, parts.items[pair[0]].text, (int)parts.items[pair[1]].length,
			 parts.items[pair[1]].text, either);
}

const char *expression_contradiction_explain(const char *text, char *sentence, size_t size)
{
	char advice[4 * QUOTED_MAX];

	if (!expression_contradicts_itself(text)) {
		snprintf(sentence, size, "no packet with this type of link-level header can match '%.200s'", text);
		return sentence;
	}
	advise(text, advice, sizeof(advice));
	snprintf(sentence, size, "no packet can match '%.200s': %s", text, advice);
	return sentence;
}
