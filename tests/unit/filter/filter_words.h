/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_FILTER_WORDS_H
#define BPFSNIFF_TESTS_FILTER_WORDS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter_spec.h"

/* Parses filter options in tables of tests, because tests of filter/ cannot use cli/. Included after cmocka.h. */

struct filter_words {
	struct filter_spec spec;
	const char *expression; /* NULL: none */
	char line[1024];
};

static inline int take_direction(struct filter_spec *spec, enum list list, const char *text,
				 struct filter_spec_error *error)
{
	(void)list;
	(void)error;
	snprintf(spec->direction_option, sizeof(spec->direction_option), "--direction=%s", text);
	spec->config.directions = strcmp(text, "in") == 0 ? DIRECTION_BIT_IN : DIRECTION_BIT_OUT;
	return 0;
}

static inline int take_loopback(struct filter_spec *spec, enum list list, const char *text,
				struct filter_spec_error *error)
{
	(void)list;
	(void)text;
	(void)error;
	spec->config.loopback = LOOPBACK_ONCE;
	return 0;
}

static inline int take_first(struct filter_spec *spec, enum list list, const char *text,
			     struct filter_spec_error *error)
{
	(void)list;
	(void)error;
	spec->config.first = (uint32_t)strtoul(text, NULL, 10);
	return 0;
}

static inline int take_sample(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error)
{
	(void)list;
	(void)error;
	spec->config.sample = (uint32_t)strtoul(text, NULL, 10);
	return 0;
}

static const struct filter_word {
	const char *name;
	int (*take)(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error);
	enum list list;
} filter_word_table[] = {
	{"--direction", take_direction, 0},
	{"--loopback", take_loopback, 0},
	{"--first", take_first, 0},
	{"--sample", take_sample, 0},
	{"--protocol", filter_spec_add_protocols, 0},
	{"--tcp-flags", filter_spec_add_tcp_flags, 0},
	{"--tcp-event", filter_spec_add_tcp_events, 0},
	{"--host", filter_spec_add_hosts, LIST_EITHER},
	{"--src", filter_spec_add_hosts, LIST_SOURCE},
	{"--dst", filter_spec_add_hosts, LIST_DESTINATION},
	{"--not-host", filter_spec_add_hosts, LIST_NOT},
	{"--host-file", filter_spec_add_host_file, LIST_EITHER},
	{"--not-host-file", filter_spec_add_host_file, LIST_NOT},
	{"--port", filter_spec_add_ports, LIST_EITHER},
	{"--src-port", filter_spec_add_ports, LIST_SOURCE},
	{"--dst-port", filter_spec_add_ports, LIST_DESTINATION},
	{"--not-port", filter_spec_add_ports, LIST_NOT},
};

static inline void filter_word(struct filter_spec *spec, char *word)
{
	struct filter_spec_error error;
	char *value = strchr(word, '=');
	size_t i = 0;

	if (value)
		*value++ = '\0';
	while (i < sizeof(filter_word_table) / sizeof(*filter_word_table) &&
	       strcmp(filter_word_table[i].name, word) != 0)
		i++;
	assert_in_range(i, 0, sizeof(filter_word_table) / sizeof(*filter_word_table) - 1);
	assert_int_equal(filter_word_table[i].take(spec, filter_word_table[i].list, value, &error), 0);
}

/* Read options, each followed by one blank; the rest of the line is the expression. */
static inline void filter_words_read(struct filter_words *words, const char *line)
{
	char *rest = words->line;

	filter_spec_init(&words->spec);
	assert_in_range(strlen(line), 0, sizeof(words->line) - 1);
	memcpy(words->line, line, strlen(line) + 1);
	while (rest && strncmp(rest, "--", 2) == 0)
		filter_word(&words->spec, strsep(&rest, " "));
	words->expression = rest && *rest ? rest : NULL;
	assert_int_equal(filter_spec_finish(&words->spec), 0);
}

#endif
