/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/read_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_name.h"
#include "base/log.h"
#include "cli/option_internal.h"
#include "sandbox/invoking_user.h"

enum { READ_LIST_MAX = 1048576 }; /* bytes */

error_t read_list_add(struct options *options, const char *path)
{
	const char **paths = reallocarray(options->read_paths, options->read_count + 1, sizeof(*paths));

	if (!paths)
		return ENOMEM;
	options->read_paths = paths;
	paths[options->read_count++] = path;
	return 0;
}

/* Messages quote the names, so the user must be allowed to read them. 0 or -errno. */
static int read_text(FILE *file, const char *path, char *text)
{
	size_t length;

	if (file != stdin && !invoking_user_may_read(path, fileno(file)))
		return -EACCES;
	length = fread(text, 1, READ_LIST_MAX, file);
	text[length] = '\0';
	if (ferror(file))
		return -errno;
	return length == READ_LIST_MAX ? -EFBIG : strlen(text) < length ? -EILSEQ : 0;
}

static error_t add_lines(struct options *options, char *text)
{
	const size_t before = options->read_count;
	error_t ret = 0;

	for (char *line = strsep(&text, "\n"); line && !ret; line = strsep(&text, "\n")) {
		line[strcspn(line, "\r")] = '\0';
		ret = *line ? read_list_add(options, line) : 0;
	}
	return ret ? ret : options->read_count == before ? ENOENT : 0;
}

/* Read a file, or standard input, into an allocated text. 0 or -errno. */
static int read_names(const char *path, char **text)
{
	bool is_file = strcmp(path, "-") != 0;
	FILE *file = is_file ? fopen(path, "re") : stdin;
	int ret;

	if (!file)
		return -errno;
	*text = malloc(READ_LIST_MAX + 1);
	ret = *text ? read_text(file, path, *text) : -ENOMEM;
	if (is_file)
		fclose(file);
	return ret;
}

error_t read_list_add_file(struct options *options, int key, const char *path)
{
	char *text = NULL, name[FILE_NAME_MAX];
	int ret;

	if (options->read_list)
		return option_refuse(key, path, "is a second list; put all names into one");
	ret = read_names(path, &text);
	if (ret) {
		free(text);
		log_line("%s: cannot read %s: %s", option_typed(key), file_name(name, path, "standard input"),
			 ret == -EILSEQ ? "it is not a text file: it has a NUL byte" : strerror(-ret));
		return ret == -EILSEQ || ret == -EFBIG ? EINVAL : -ret;
	}
	options->read_list = text;
	ret = add_lines(options, text);
	if (ret == ENOENT)
		return option_refuse(key, path, "names no file; write one name per line");
	return ret;
}
