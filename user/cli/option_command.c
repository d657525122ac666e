/* SPDX-License-Identifier: BSD-2-Clause */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/string_append.h"
#include "cli/option_internal.h"

/* Whether a word is an option whose value is the next word. */
static bool awaits_value(const char *word)
{
	const bool is_long = !strncmp(word, "--", 2);

	if (*word != '-' || !word[1])
		return false;
	for (const struct argp_option *row = option_table; row->name || row->doc; row++) {
		if (!row->name || !row->arg || row->flags & OPTION_ARG_OPTIONAL)
			continue;
		if (is_long ? !strcmp(row->name, word + 2)
			    : row->key < 256 && strchr(word + 1, row->key) == word + strlen(word) - 1)
			return true;
	}
	return false;
}

int option_split_command(int argc, char **argv, struct options *options)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0 || awaits_value(argv[i - 1]))
			continue;
		options->command = argv + i + 1;
		return i;
	}
	return argc;
}

/* Options that leave nothing for a command to do; the table of --top would have to share its terminal. */
static const int against[] = {'r', 'V', 'D', 'd', KEY_SET_FILTER, KEY_STATUS, KEY_EXPLAIN, KEY_PROCESS, KEY_TOP, 0};

error_t option_command_finish(const struct parsing *parsing)
{
	struct options *options = parsing->options;
	error_t ret = 0;

	if (!options->command)
		return 0;
	if (!*options->command) {
		log_line("no command follows '--'; write the command whose packets you want to see, or leave out '--'");
		return EINVAL;
	}
	for (const int *key = against; *key; key++) {
		if (!parsing->given[*key])
			continue;
		log_line("%s and a command behind '--' cannot be combined; leave out one of them", option_typed(*key));
		return EINVAL;
	}
	options->owner = true;
	ret = -string_append(&options->filter_text, " ", "--");
	for (char **word = options->command; *word && !ret; word++)
		ret = -string_append(&options->filter_text, " ", *word);
	return ret;
}
