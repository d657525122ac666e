/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "input.h"
#include "kept_files.h"
#include "kept_log.h"

/*
 * Any words as a command line, and any bytes as the files that it names: either it parses, or exactly one line says
 * what is wrong.
 */

enum { WORDS_MAX = 32 };

int LLVMFuzzerInitialize(const int *argc, char ***argv);
int LLVMFuzzerInitialize(const int *argc, char ***argv)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)argc;
	(void)argv;
	must(nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) == STDOUT_FILENO); /* --help */
	close(nowhere);
	return 0;
}

/* Words end at a newline, the command line at an empty one. */
static int split(char *text, char *words[WORDS_MAX])
{
	int count = 1;

	words[0] = (char *)"bpfsniff";
	while (count < WORDS_MAX - 1 && *text) {
		words[count++] = text;
		text = strchrnul(text, '\n');
		if (*text)
			*text++ = '\0';
	}
	words[count] = NULL;
	return count;
}

static void check_parsed(const struct options *options)
{
	must(options->snaplen >= 1 && options->snaplen <= SNAPLEN_MAX);
	must(options->spec.config.snaplen == options->snaplen);
	must(options->buffer_size >= 1024);
	must(options->spec.flow_table_size >= 1 && options->spec.flow_table_size <= FLOWS_MAX);
	must(!options->write_path || !options->rotation.keep || options->rotation.bytes || options->rotation.seconds);
	must(!(options->set_filter_pid && options->status_pid));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct options options;
	struct input input = {bytes, size};
	uint8_t length = (uint8_t)take(&input, 1);
	const uint8_t *line;
	size_t taken = take_bytes(&input, length, &line);
	char *text = strndup((const char *)line, taken), *words[WORDS_MAX];
	int status;

	must(text);
	kept_files_hold(input.at, input.left);
	kept_log_lines = 0;
	status = options_parse(split(text, words), words, &options);
	if (status == 0)
		check_parsed(&options);
	must(kept_log_lines == (status > 0));
	options_release(&options);
	free(text);
	return 0;
}
