/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/string_append.h"
#include "cli/option_internal.h"
#include "sandbox/invoking_user.h"

enum { EXPRESSION_MAX = 1048576 }; /* bytes of a file */

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

/* Read a text to its end into an allocated string. 0; -EILSEQ when it has a NUL byte, -E2BIG when it is longer than an
 * expression may be, or another -errno. */
static int read_text(FILE *file, char **text)
{
	char *bytes = malloc(EXPRESSION_MAX + 1);
	size_t length;
	int ret = 0;

	if (!bytes)
		return -ENOMEM;
	length = fread(bytes, 1, EXPRESSION_MAX + 1, file);
	if (ferror(file))
		ret = -errno;
	else if (memchr(bytes, '\0', length))
		ret = -EILSEQ;
	else if (length > EXPRESSION_MAX)
		ret = -E2BIG;
	if (ret) {
		free(bytes);
		return ret;
	}
	bytes[length] = '\0';
	*text = bytes;
	return 0;
}

static void refuse_file(int key, const char *path, int error)
{
	if (error == -EILSEQ)
		log_line("%s: '%s' contains a NUL byte, so it is not a text file", option_typed(key), path);
	else if (error == -E2BIG)
		log_line("%s: '%s' is too long: an expression may have at most %d bytes", option_typed(key), path,
			 EXPRESSION_MAX);
	else
		log_line("%s: cannot read '%s': %s", option_typed(key), path, strerror(-error));
}

/* The whole file is the expression; if it has no words, there is none. */
static error_t read_expression(struct parsing *parsing, int key, const char *path)
{
	struct options *options = parsing->options;
	char *text = NULL;
	FILE *file;
	int ret;

	if (parsing->expression_file)
		return option_refuse(key, path, "is a second file; put the whole EXPRESSION into one");
	file = fopen(path, "re");
	ret = file ? read_text(file, &text) : -errno;
	if (text)
		fold_lines(text);
	else
		refuse_file(key, path, ret);
	options->hidden_in = !ret && !invoking_user_may_read(path, fileno(file)) ? path : NULL;
	if (file)
		fclose(file);
	if (text && !*text) {
		free(text);
		text = NULL;
	}
	free(options->expression);
	options->expression = text;
	parsing->expression_file = true;
	return ret == -EILSEQ || ret == -E2BIG ? EINVAL : -ret;
}

error_t option_expression(struct parsing *parsing, int key, const char *word)
{
	return key == 'F' ? read_expression(parsing, key, word) : ARGP_ERR_UNKNOWN;
}

error_t option_word(struct parsing *parsing, const char *word)
{
	if (!parsing->words++)
		parsing->word = word;
	return parsing->expression_file ? 0 : -string_append(&parsing->options->expression, " ", word);
}

error_t option_expression_finish(const struct parsing *parsing)
{
	if (!parsing->expression_file || !parsing->words)
		return 0;
	log_line("%s and an EXPRESSION cannot be combined; leave out %s or '%s'", option_typed('F'), option_typed('F'),
		 parsing->word);
	return EINVAL;
}
