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
};

static const char blanks[] = " \t";

bool expression_contradicts_itself(const char *text)
{
	return strlen(text) <= TEXT_MAX && expression_rejects_all(text, LINK_ETHERNET) == 1 &&
	       expression_rejects_all(text, LINK_LINUX_SLL2) != 0;
}

static bool is_and(const char *word, size_t length)
{
	return (length == 3 && !strncmp(word, "and", 3)) || (length == 2 && !strncmp(word, "&&", 2));
}

/* Copy the words of an expression, with `joint` between what `and` joins. False if it has negations, which `or` would
 * not help, or is long. `only_protocols` becomes false when there is a word that names no IP protocol. */
static bool join(const char *text, const char *joint, char joined[QUOTED_MAX], bool *only_protocols)
{
	struct text_builder builder = text_builder_begin(joined, QUOTED_MAX);
	bool has_and = false, gap = false;

	if (strlen(text) >= QUOTED_MAX / 2 || strchr(text, '!') || strstr(text, "not "))
		return false;
	for (const char *word = text + strspn(text, blanks); *word; word += strspn(word, blanks)) {
		size_t length = strcspn(word, blanks);

		if (is_and(word, length)) {
			has_and = true;
			text_builder_add(&builder, "%s", joint);
			gap = false;
		} else {
			*only_protocols &= protocol_parse(word, length) >= 0;
			text_builder_add(&builder, "%s%.*s", gap ? " " : "", (int)length, word);
			gap = true;
		}
		word += length;
	}
	return has_and;
}

/* What to write in place of an expression that contradicts itself. */
static void advise(const char *text, char *advice, size_t size)
{
	char either[QUOTED_MAX], list[QUOTED_MAX];
	bool only_protocols = true;

	if (!join(text, " or ", either, &only_protocols) || !join(text, ",", list, &only_protocols) ||
	    expression_rejects_all(either, LINK_ETHERNET))
		snprintf(advice, size, "leave out a part of it");
	else if (only_protocols)
		snprintf(advice, size, "a packet has only one of these protocols; write '%s', or --protocol=%s", either,
			 list);
	else
		snprintf(advice, size, "its parts exclude each other; write '%s' for packets that match either",
			 either);
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
