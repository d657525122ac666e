/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>

#include "log.h"
#include "option_keys.h"

static const struct argp_option *find_letter(const struct argp_option *table, int letter)
{
	for (; table->name || table->doc; table++)
		if (table->key == letter && table->name)
			return table;
	return NULL;
}

/* The options that a long word, perhaps abbreviated, can mean: how many, and the last of them. */
static int find_long(const struct argp_option *table, const char *word, size_t length, const struct argp_option **found)
{
	int matches = 0;

	for (; table->name || table->doc; table++) {
		if (!table->name || strncmp(table->name, word, length) != 0)
			continue;
		*found = table;
		if (!table->name[length])
			return 1;
		matches++;
	}
	return matches;
}

static bool needs_value(const struct argp_option *option)
{
	return option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
}

static bool explain_long(const struct argp_option *table, const char *word)
{
	size_t length = strcspn(word + 2, "=");
	const struct argp_option *option = NULL;
	int matches = find_long(table, word + 2, length, &option);

	if (matches == 0)
		log_line("unknown option '%s': bpfsniff --help lists the options", word);
	else if (matches > 1)
		log_line("option '%s' can mean more than one: write it out", word);
	else if (!option->arg && word[2 + length])
		log_line("option '%s' takes no value: write --%s", word, option->name);
	else if (needs_value(option) && !word[2 + length])
		log_line("option '%s' needs a value: write --%s=%s", word, option->name, option->arg);
	else
		return false;
	return true;
}

static bool explain_letters(const struct argp_option *table, const char *word)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct argp_option *option = find_letter(table, *letter);

		if (!option) {
			log_line("unknown option '-%c': bpfsniff --help lists the options", *letter);
			return true;
		}
		if (!option->arg)
			continue;
		if (letter[1] || !needs_value(option))
			return false;
		log_line("option '-%c' needs a value: write -%c %s", *letter, *letter, option->arg);
		return true;
	}
	return false;
}

bool option_explain_unknown(const struct argp_option *table, const char *word)
{
	if (!word || word[0] != '-' || !word[1])
		return false;
	return word[1] == '-' ? explain_long(table, word) : explain_letters(table, word);
}
