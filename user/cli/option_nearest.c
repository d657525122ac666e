/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/option_nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	NAME_MAX_LENGTH = 31, /* longer than every option's name */
	LETTERS_PER_SLIP = 4, /* one slip is allowed for so many letters, rounded up */
	SHORTEST = 3,         /* a shorter word is near to too many names */
};

static bool is_exchanged(const char *a, size_t i, const char *b, size_t j)
{
	return i > 1 && j > 1 && tolower(a[i - 1]) == tolower(b[j - 2]) && tolower(a[i - 2]) == tolower(b[j - 1]);
}

static unsigned int smaller(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* How many insertions, deletions, replacements and exchanges of neighbours turn one word into the other (Damerau and
 * Levenshtein: optimal string alignment). */
static unsigned int distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned int rows[NAME_MAX_LENGTH + 1][NAME_MAX_LENGTH + 1] = {{0}};

	for (size_t i = 0; i <= a_length; i++)
		rows[i][0] = (unsigned int)i;
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= a_length; i++) {
		for (size_t j = 1; j <= b_length; j++) {
			unsigned int replaced = rows[i - 1][j - 1] + (tolower(a[i - 1]) != tolower(b[j - 1]));

			rows[i][j] = smaller(replaced, smaller(rows[i - 1][j], rows[i][j - 1]) + 1);
			if (is_exchanged(a, i, b, j))
				rows[i][j] = smaller(rows[i][j], rows[i - 2][j - 2] + 1);
		}
	}
	return rows[a_length][b_length];
}

static void append_name(char names[OPTION_NAMES_MAX], const char *name)
{
	size_t length = strlen(names);

	snprintf(names + length, OPTION_NAMES_MAX - length, "%s--%s", length ? " or " : "", name);
}

void option_nearest(const struct argp_option *table, const char *word, size_t length, char names[OPTION_NAMES_MAX])
{
	unsigned int best = (unsigned int)(length + LETTERS_PER_SLIP - 1) / LETTERS_PER_SLIP;

	*names = '\0';
	if (length < SHORTEST || length > NAME_MAX_LENGTH)
		return;
	for (; table->name || table->doc; table++) {
		size_t name_length = table->name ? strlen(table->name) : 0;
		unsigned int slips;

		/* A difference in length costs that many slips at least. */
		if (!table->name || length > name_length + best || name_length > length + best)
			continue;
		slips = distance(word, length, table->name, name_length);
		if (slips > best)
			continue;
		if (slips < best)
			*names = '\0';
		best = slips;
		append_name(names, table->name);
	}
}

void option_beginning(const struct argp_option *table, const char *word, size_t length, char names[OPTION_NAMES_MAX])
{
	*names = '\0';
	for (; table->name || table->doc; table++)
		if (table->name && !(table->flags & OPTION_HIDDEN) && !strncmp(table->name, word, length))
			append_name(names, table->name);
}
