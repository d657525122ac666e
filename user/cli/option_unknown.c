/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>

#include "base/log.h"
#include "cli/option_internal.h"
#include "cli/option_nearest.h"

static const struct argp_option *find_letter(const struct argp_option *table, int letter)
{
	for (; table->name || table->doc; table++)
		if (table->key == letter)
			return table;
	return NULL;
}

/* How many options a long word, perhaps abbreviated, can mean; *found is the first of them. */
static int find_long(const struct argp_option *table, const char *word, size_t length, const struct argp_option **found)
{
	int matches = 0;

	for (; table->name || table->doc; table++) {
		if (!table->name || strncmp(table->name, word, length) != 0)
			continue;
		if (!table->name[length]) {
			*found = table;
			return 1;
		}
		if (!matches)
			*found = table;
		matches += !matches || table->key != (*found)->key;
	}
	return matches;
}

static bool needs_value(const struct argp_option *option)
{
	return option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
}

/* No option is called `word`; the first `length` bytes of `name` are the part of it that may be a misspelt name. */
static void say_unknown(const struct argp_option *table, const char *word, const char *name, size_t length)
{
	char names[OPTION_NAMES_MAX];

	option_nearest(table, name, length, names);
	if (*names)
		log_line("unknown option '%s': did you mean %s?", word, names);
	else
		log_line("unknown option '%s': bpfsniff --help lists the options", word);
}

static void say_ambiguous(const struct argp_option *table, const char *word, size_t length)
{
	char names[OPTION_NAMES_MAX];

	option_beginning(table, word + 2, length, names);
	log_line("option '%s' is ambiguous: write %s", word, names);
}

/* Say what to write in place of an option of tcpdump or tshark. False if it is none. */
static bool say_foreign(const char *option, size_t length, const char *value)
{
	char advice[OPTION_ADVICE_MAX];

	if (!option_foreign(option, length, value, advice))
		return false;
	if (length == sizeof("-z") - 1)
		log_line("%.*s is not supported: %s", (int)length, option, advice);
	else
		log_line("unknown option '%.*s': %s", (int)length, option, advice);
	return true;
}

static bool explain_long(const struct argp_option *table, const char *word)
{
	size_t length = strcspn(word + 2, "=");
	const struct argp_option *option = NULL;
	int matches = find_long(table, word + 2, length, &option);

	if ((matches != 1 || (matches == 1 && !option->arg && word[2 + length])) && say_foreign(word, length + 2, NULL))
		return true;
	if (matches == 0)
		say_unknown(table, word, word + 2, length);
	else if (matches > 1)
		say_ambiguous(table, word, length);
	else if (!option->arg && word[2 + length])
		log_line("option '%s' takes no value: write --%s", word, option->name);
	else if (needs_value(option) && !word[2 + length])
		log_line("option '%s' needs a value: write --%s=%s", word, option->name, option->arg);
	else
		return false;
	return true;
}

/* -port parses as -p -o ..., but may be a slip for --port; -Ytcp is no slip. */
static void say_unknown_letter(const struct argp_option *table, const char *word, const char *letter, const char *next)
{
	const char unknown[] = {'-', *letter, '\0'};
	size_t length = strcspn(word + 1, "=");
	char names[OPTION_NAMES_MAX];

	if (letter == word + 2 && word[1] == 't' && option_time_of_tshark(letter)) {
		log_line("'%s' is an option of tshark: %s", word, option_time_of_tshark(letter));
		return;
	}
	option_nearest(table, word + 1, strspn(word + 1, "abcdefghijklmnopqrstuvwxyz-") == length ? length : 0, names);
	if (*names || !say_foreign(unknown, 2, letter[1] ? letter + 1 : next))
		say_unknown(table, unknown, word + 1, length);
}

static bool explain_letters(const struct argp_option *table, const char *word, const char *next)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct argp_option *option = find_letter(table, *letter);

		if (!option) {
			say_unknown_letter(table, word, letter, next);
			return true;
		}
		if (!option->arg)
			continue;
		if (letter[1] || !needs_value(option))
			return false;
		log_line("option '-%c' needs a value: write -%c %s%s", *letter, *letter, option->arg,
			 *letter == 'V' ? "; " OPTION_V_OF_TSHARK : "");
		return true;
	}
	return false;
}

bool option_explain_one_dash(const struct argp_option *table, const char *word)
{
	enum { SHORTEST = 3 }; /* letters of such a name */
	size_t length = strcspn(word, "=");

	if (word[0] != '-' || word[1] == '-' || length <= SHORTEST)
		return false;
	for (; table->name || table->doc; table++) {
		if (!table->name || strlen(table->name) != length - 1 ||
		    strncmp(table->name, word + 1, length - 1) != 0)
			continue;
		log_line("unknown option '%s': did you mean --%s?", word, table->name);
		return true;
	}
	return false;
}

bool option_explain_abbreviated(const struct argp_option *table, const char *word)
{
	size_t length = strcspn(word, "=");

	if (strncmp(word, "--", 2) != 0)
		return false;
	for (; table->name || table->doc; table++)
		if (table->name && strlen(table->name) == length - 2 && !strncmp(table->name, word + 2, length - 2))
			return false;
	return say_foreign(word, length, NULL);
}

bool option_explain_unknown(const struct argp_option *table, const char *word, const char *next)
{
	if (!word || word[0] != '-' || !word[1])
		return false;
	return word[1] == '-' ? explain_long(table, word) : explain_letters(table, word, next);
}
