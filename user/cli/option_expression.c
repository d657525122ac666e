/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/option_internal.h"

/* Fold a text into one line: drop comments, as tcpdump does, and separate words by one blank. */
static void fold_lines(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		size_t length = strcspn(from, " \t\r\n#");

		if (length && to > text)
			*to++ = ' ';
		memmove(to, from, length);
		to += length;
		from += length;
		from += *from == '#' ? strcspn(from, "\n") : strspn(from, " \t\r\n");
	}
	*to = '\0';
}

/* The whole file is the expression; if it has no words, there is none. */
static error_t read_expression(struct parsing *parsing, int key, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;
	ssize_t length = file ? getdelim(&text, &size, '\0', file) : -1;
	bool failed = !file || (length < 0 && !feof(file));

	if (failed)
		log_line("--%s: cannot read '%s': %s", option_name(key), path, strerror(errno));
	if (file)
		fclose(file);
	if (length >= 0)
		fold_lines(text);
	if (length < 0 || !*text) {
		free(text);
		text = NULL;
	}
	free(parsing->options->expression);
	parsing->options->expression = text;
	parsing->expression_file = true;
	return failed ? EINVAL : 0;
}

error_t option_expression(struct parsing *parsing, int key, const char *word)
{
	return key == 'F' ? read_expression(parsing, key, word) : ARGP_ERR_UNKNOWN;
}
