/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/option_typed.h"

#include <stdio.h>
#include <string.h>

#include "cli/option_table.h"

enum { TYPED_MAX = 40 }; /* bytes, terminator included */

static char typed[OPTION_KEYS][TYPED_MAX];

/* The row of an option whose long name a word, perhaps abbreviated, has; NULL if it has none of its names. */
static const struct argp_option *row_of_word(int key, const char *word)
{
	size_t length;

	if (strncmp(word, "--", 2) != 0)
		return NULL;
	length = strcspn(word += 2, "=");
	for (const struct argp_option *row = option_table; row->name || row->doc; row++)
		if (row->key == key && row->name && !strncmp(row->name, word, length))
			return row;
	return NULL;
}

/* A letter, as often as it was repeated: -tttt. */
static void note_letters(int key, const char *word)
{
	const char letters[] = {(char)key, '\0'}, *run = strchr(word, key);
	size_t length = run ? strspn(run, letters) : 1, place = 0;

	typed[key][place++] = '-';
	while (length-- && place < TYPED_MAX - 1)
		typed[key][place++] = (char)key;
	typed[key][place] = '\0';
}

void option_note_typed(const struct argp_state *state, int key, const char *value)
{
	int place = state->next - 1;
	const struct argp_option *row;

	if (key <= 0 || key >= OPTION_KEYS || place < 0)
		return;
	/* getopt(3) has passed the option and its value, unless letters are left in the word. */
	if (value && place > 0 && value == state->argv[place])
		place--;
	row = row_of_word(key, state->argv[place]);
	if (!row && !value && key <= '~') {
		note_letters(key, state->argv[place]);
		return;
	}
	if (row || key > '~')
		snprintf(typed[key], TYPED_MAX, "--%s", row ? row->name : option_name(key));
	else
		snprintf(typed[key], TYPED_MAX, "-%c", key);
}

const char *option_typed(int key)
{
	if (!*typed[key])
		snprintf(typed[key], TYPED_MAX, "--%s", option_name(key));
	return typed[key];
}
