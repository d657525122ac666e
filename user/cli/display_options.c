/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "base/text_builder.h"
#include "cli/display_filter_internal.h"

/* The word of our option for a field; NULL: it has none. */
static const char *find(const char *const table[][2], size_t count, const char *field)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(table[i][0], field))
			return table[i][1];
	return NULL;
}

static const char *find_flag(const char *field)
{
	static const char *const flags[][2] = {
		{"tcp.flags.syn", "syn"},   {"tcp.flags.fin", "fin"},  {"tcp.flags.ack", "ack"},
		{"tcp.flags.reset", "rst"}, {"tcp.flags.push", "psh"}, {"tcp.flags.urg", "urg"},
		{"tcp.flags.ece", "ece"},   {"tcp.flags.cwr", "cwr"},
	};

	return find(flags, sizeof(flags) / sizeof(*flags), field);
}

static const char *find_event(const char *field)
{
	static const char *const events[][2] = {
		{"tcp.analysis.flags", "any"},
		{"tcp.analysis.retransmission", "retransmission"},
		{"tcp.analysis.fast_retransmission", "retransmission"},
		{"tcp.analysis.spurious_retransmission", "retransmission"},
		{"tcp.analysis.out_of_order", "out-of-order"},
		{"tcp.analysis.lost_segment", "lost-segment"},
		{"tcp.analysis.duplicate_ack", "duplicate-ack"},
		{"tcp.analysis.zero_window", "zero-window"},
		{"tcp.analysis.window_full", "window-full"},
		{"tcp.analysis.keep_alive", "keep-alive"},
	};

	return find(events, sizeof(events) / sizeof(*events), field);
}

/* Append an item to a list, unless it is there already. False if the list is full. */
static bool add_item(char list[DISPLAY_WORD_MAX], const char *sign, const char *item)
{
	char with_commas[DISPLAY_WORD_MAX + 2], sought[DISPLAY_WORD_MAX];
	size_t length = strlen(list);

	snprintf(with_commas, sizeof(with_commas), ",%s,", list);
	snprintf(sought, sizeof(sought), ",%s%s,", sign, item);
	if (strstr(with_commas, sought))
		return true;
	return snprintf(list + length, DISPLAY_WORD_MAX - length, "%s%s%s", length ? "," : "", sign, item) <
	       (int)(DISPLAY_WORD_MAX - length);
}

/* A flag that is set or clear. With `not` only a flag by itself: the negation of a comparison matches also what is not
 * TCP. */
static bool add_flag(char list[DISPLAY_WORD_MAX], const char *text)
{
	char word[DISPLAY_WORD_MAX];
	const char *at = display_word_next(text, word), *end, *flag;
	bool is_negated = !strcmp(display_word_joint(word), "not"), set;

	if (is_negated)
		at = display_word_next(at, word);
	flag = find_flag(word);
	end = flag ? display_word_flag(at, &set) : NULL;
	if (!end || (is_negated && end != at))
		return false;
	display_word_next(end, word);
	return !*word && add_item(list, set && !is_negated ? "" : "!", flag);
}

/* Events that `or` joins. */
static bool add_events(char list[DISPLAY_WORD_MAX], const char *text)
{
	char word[DISPLAY_WORD_MAX], events[DISPLAY_WORD_MAX] = "";
	const char *at = text, *event;

	do {
		at = display_word_next(at, word);
		event = find_event(word);
		if (!event || !add_item(events, "", event))
			return false;
		at = display_word_next(at, word);
	} while (!strcmp(display_word_joint(word), "or"));
	if (*word || *list)
		return false;
	snprintf(list, DISPLAY_WORD_MAX, "%s", strstr(events, "any") ? "any" : events);
	return true;
}

bool display_options_add(struct display_options *options, const char *text)
{
	return add_flag(options->flags, text) || add_events(options->events, text);
}
