/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PARSE_OPTIONS_H
#define BPFSNIFF_PARSE_OPTIONS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/options.h"

/* options_parse() and what it says. Included by the tests, after cmocka.h. */

enum { SAID_MAX = 16384, WORDS_MAX = 32 };

struct parsed {
	struct options options;
	int status;
	char out[SAID_MAX];
	char err[SAID_MAX];
};

/* Put a file of its own in the place of a standard stream; a descriptor that leads back. */
static inline int take_stream(FILE *stream, int *file)
{
	int back = dup(fileno(stream));

	fflush(stream);
	*file = memfd_create("said", MFD_CLOEXEC);
	assert_true(back >= 0 && *file >= 0);
	assert_int_equal(dup2(*file, fileno(stream)), fileno(stream));
	return back;
}

static inline void give_back_stream(FILE *stream, int back, int file, char said[SAID_MAX])
{
	ssize_t length;

	fflush(stream);
	assert_int_equal(dup2(back, fileno(stream)), fileno(stream));
	close(back);
	length = pread(file, said, SAID_MAX - 1, 0);
	close(file);
	assert_in_range(length, 0, SAID_MAX - 2);
	said[length] = '\0';
}

/* Parse a command line as main() gets it. */
static inline void parse_words(int count, char **words, struct parsed *parsed)
{
	int out, err, back_out = take_stream(stdout, &out), back_err = take_stream(stderr, &err);

	parsed->status = options_parse(count, words, &parsed->options);
	give_back_stream(stdout, back_out, out, parsed->out);
	give_back_stream(stderr, back_err, err, parsed->err);
}

/* Parse a line with one blank between its words; they stay in `line`. */
static inline void parse_line(char *line, struct parsed *parsed)
{
	char *words[WORDS_MAX] = {"bpfsniff"};
	int count = 1;

	for (char *word = strsep(&line, " "); word; word = strsep(&line, " ")) {
		assert_in_range(count, 1, WORDS_MAX - 2);
		words[count++] = word;
	}
	parse_words(count, words, parsed);
}

static inline int parsed_setup(void **state)
{
	*state = calloc(1, sizeof(struct parsed));
	return *state ? 0 : -1;
}

static inline int parsed_teardown(void **state)
{
	free(*state);
	return 0;
}

#endif
