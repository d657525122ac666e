/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_FILTER_WORDS_H
#define BPFSNIFF_TESTS_FILTER_WORDS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter_spec.h"

/* A filter in the words of the command line, without the command line: what stands in a table of tests is read here.
 * Included after cmocka.h. */

struct filter_words {
	struct rules rules;
	const char *expression; /* NULL: none */
	char line[1024];
};

static inline int take_direction(struct rules *rules, enum list list, const char *text, struct rules_error *error)
{
	(void)list;
	(void)error;
	rules->config.directions = strcmp(text, "in") == 0 ? DIRECTION_BIT_IN : DIRECTION_BIT_OUT;
	return 0;
}

static inline int take_loopback(struct rules *rules, enum list list, const char *text, struct rules_error *error)
{
	(void)list;
	(void)text;
	(void)error;
	rules->config.keep_loopback = 1;
	return 0;
}

static inline int take_first(struct rules *rules, enum list list, const char *text, struct rules_error *error)
{
	(void)list;
	(void)error;
	rules->config.first = (uint32_t)strtoul(text, NULL, 10);
	return 0;
}

static inline int take_sample(struct rules *rules, enum list list, const char *text, struct rules_error *error)
{
	(void)list;
	(void)error;
	rules->config.sample = (uint32_t)strtoul(text, NULL, 10);
	return 0;
}

static const struct filter_word {
	const char *name;
	int (*take)(struct rules *rules, enum list list, const char *text, struct rules_error *error);
	enum list list;
} filter_word_table[] = {
	{"--direction", take_direction, 0},
	{"--loopback", take_loopback, 0},
	{"--first", take_first, 0},
	{"--sample", take_sample, 0},
	{"--protocol", rules_add_protocols, 0},
	{"--tcp-flags", rules_add_tcp_flags, 0},
	{"--host", rules_add_hosts, LIST_EITHER},
	{"--src", rules_add_hosts, LIST_SOURCE},
	{"--dst", rules_add_hosts, LIST_DESTINATION},
	{"--not-host", rules_add_hosts, LIST_NOT},
	{"--host-file", rules_add_host_file, LIST_EITHER},
	{"--not-host-file", rules_add_host_file, LIST_NOT},
	{"--port", rules_add_ports, LIST_EITHER},
	{"--src-port", rules_add_ports, LIST_SOURCE},
	{"--dst-port", rules_add_ports, LIST_DESTINATION},
	{"--not-port", rules_add_ports, LIST_NOT},
};

static inline void filter_word(struct rules *rules, char *word)
{
	struct rules_error error;
	char *value = strchr(word, '=');
	size_t i = 0;

	if (value)
		*value++ = '\0';
	while (i < sizeof(filter_word_table) / sizeof(*filter_word_table) && strcmp(filter_word_table[i].name, word) != 0)
		i++;
	assert_in_range(i, 0, sizeof(filter_word_table) / sizeof(*filter_word_table) - 1);
	assert_int_equal(filter_word_table[i].take(rules, filter_word_table[i].list, value, &error), 0);
}

/* Options with one blank behind each; what follows them is the expression. */
static inline void filter_words_read(struct filter_words *words, const char *line)
{
	char *rest = words->line;

	rules_init(&words->rules);
	assert_in_range(strlen(line), 0, sizeof(words->line) - 1);
	strcpy(words->line, line);
	while (rest && strncmp(rest, "--", 2) == 0)
		filter_word(&words->rules, strsep(&rest, " "));
	words->expression = rest && *rest ? rest : NULL;
	assert_int_equal(rules_finish(&words->rules), 0);
}

#endif
