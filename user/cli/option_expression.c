/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/string_append.h"
#include "cli/display_filter.h"
#include "cli/option_internal.h"
#include "filter/expression.h"
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
		return option_refuse(key, path, "is a second file: write one EXPRESSION into one file");
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

/* Whether a word is the name of a capture file, or of one that exists in a folder that it names. */
static bool is_file(const char *word)
{
	static const char *const ends[] = {".pcap",      ".pcapng",   ".cap",       ".pcap.gz",
					   ".pcapng.gz", ".pcap.zst", ".pcapng.zst"};
	size_t length = strlen(word);

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (length > strlen(ends[i]) && !strcmp(word + length - strlen(ends[i]), ends[i]))
			return true;
	return strchr(word, '/') && !access(word, F_OK);
}

/* Whether a word names an interface, and is no expression by itself. */
static bool is_interface(const char *word)
{
	return if_nametoindex(word) && expression_rejects_all(word, LINK_ETHERNET) < 0;
}

static error_t refuse_display_filter(const char *text)
{
	char translated[OPTION_ADVICE_MAX];

	if (display_filter_translate(text, translated, sizeof(translated)))
		log_line("'%s' is a display filter of Wireshark: write %s", text, translated);
	else
		log_line("'%s' is a display filter of Wireshark: write an expression of pcap-filter(7), such as "
			 "'tcp port 80', or options such as --port=80",
			 text);
	return EINVAL;
}

error_t option_expression_finish(const struct parsing *parsing)
{
	const char *text = parsing->options->expression;

	if (parsing->expression_file && parsing->words) {
		log_line("-F and an EXPRESSION cannot go together: leave out one of them, -F or '%s'", parsing->word);
		return EINVAL;
	}
	if (!parsing->words)
		return 0;
	if (parsing->words == 1 && is_file(parsing->word)) {
		log_line("'%s' is a file, not an expression: write -r %s", parsing->word, parsing->word);
		return EINVAL;
	}
	if (parsing->words == 1 && is_interface(parsing->word)) {
		log_line("'%s' is an interface, not an expression: write -i %s", parsing->word, parsing->word);
		return EINVAL;
	}
	return display_filter_is_meant(text) ? refuse_display_filter(text) : 0;
}
