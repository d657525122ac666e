/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/file_conflict.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { OUTPUT_PATHS = 3 };

static const char *file_path(const char *path)
{
	return path && strcmp(path, "-") != 0 ? path : NULL;
}

/* The files that the options write; NULL for those that they do not, and for standard output. */
static void list_outputs(const struct options *options, const char *paths[OUTPUT_PATHS])
{
	paths[0] = file_path(options->write_path);
	paths[1] = file_path(options->flows.log_path);
	paths[2] = file_path(options->metrics_path);
}

static bool is_one(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Find the directory of a path. 0 or -1. */
static int stat_directory(const char *path, struct stat *status)
{
	const int length = (int)(name_of(path) - path);
	char directory[PATH_MAX] = ".";

	if (length)
		snprintf(directory, sizeof(directory), "%.*s", length, path);
	return stat(directory, status);
}

/* Whether two names of files that do not exist yet are of one directory, and the same there. */
static bool will_be_one(const char *one, const char *other)
{
	struct stat of_one, of_other;

	return !strcmp(name_of(one), name_of(other)) && !stat_directory(one, &of_one) &&
	       !stat_directory(other, &of_other) && is_one(&of_one, &of_other);
}

static bool are_one(const char *one, const char *other)
{
	struct stat of_one, of_other;

	if (stat(one, &of_one))
		return will_be_one(one, other);
	return S_ISREG(of_one.st_mode) && !stat(other, &of_other) && is_one(&of_one, &of_other);
}

/* Add a character to a pattern of fnmatch(3), which stands for itself. */
static char *add_literal(char *at, char character)
{
	*at++ = '\\';
	*at++ = character;
	return at;
}

/* What strftime(3) makes of a conversion may be anything. */
static void make_pattern(const char *name, size_t length, bool expands, char *at)
{
	for (size_t i = 0; i < length; i++) {
		if (expands && name[i] == '%' && i + 1 < length) {
			*at++ = '*';
			i++;
		} else {
			at = add_literal(at, name[i]);
		}
	}
	*at = '\0';
}

/* Whether the files of a rotation (savefile/rotate.h) may have that name. */
static bool may_rotate_to(const struct options *options, const char *path)
{
	const char *name = name_of(options->write_path), *dot = strrchr(name, '.');
	const char *extension = dot && dot > name ? dot : name + strlen(name);
	char stem[2 * NAME_MAX + 1], end[2 * NAME_MAX + 1], pattern[sizeof(stem) + sizeof(end) + 8];
	bool by_time = options->rotation.seconds;
	struct stat of_one, of_other;

	if ((!options->rotation.bytes && !by_time) || strlen(name) > NAME_MAX ||
	    stat_directory(options->write_path, &of_one) || stat_directory(path, &of_other) ||
	    !is_one(&of_one, &of_other))
		return false;
	make_pattern(name, (size_t)(extension - name), by_time, stem);
	make_pattern(extension, strlen(extension), by_time, end);
	snprintf(pattern, sizeof(pattern), "%s-[0-9]*%s", stem, end);
	if (!fnmatch(pattern, name_of(path), 0))
		return true;
	snprintf(pattern, sizeof(pattern), "%s%s", stem, end);
	return by_time && !fnmatch(pattern, name_of(path), 0);
}

static int reserve(struct options *options, const char *path)
{
	struct stat status, *grown;

	if (strcmp(path, "-") ? stat(path, &status) : fstat(STDIN_FILENO, &status))
		return 0; /* whoever opens it says so */
	if (!S_ISREG(status.st_mode))
		return 0;
	grown = reallocarray(options->reserved, options->reserved_count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	options->reserved = grown;
	options->reserved[options->reserved_count++] = status;
	return 0;
}

int file_conflict_reserve(struct options *options, const char *const inputs[], size_t count)
{
	int ret = 0;

	for (size_t i = 0; i < count && !ret; i++)
		ret = reserve(options, inputs[i]);
	for (size_t i = 0; i < options->read_count && !ret; i++)
		ret = reserve(options, options->read_paths[i]);
	return ret;
}

/* Whether the output is the -w file, or one of its rotation. */
static bool clashes(const struct options *options, const char *one, const char *other)
{
	return are_one(one, other) || (one == options->write_path && may_rotate_to(options, other));
}

static bool is_reserved(const struct options *options, const char *path)
{
	struct stat status;

	if (stat(path, &status))
		return false;
	for (size_t i = 0; i < options->reserved_count; i++)
		if (is_one(&status, &options->reserved[i]))
			return true;
	return false;
}

bool file_conflict_refuse(const struct options *options)
{
	const char *outputs[OUTPUT_PATHS];

	list_outputs(options, outputs);
	for (size_t i = 0; i < OUTPUT_PATHS; i++) {
		if (!outputs[i])
			continue;
		for (size_t j = 0; j < i; j++)
			if (outputs[j] && clashes(options, outputs[j], outputs[i])) {
				log_line("'%s' is named for two outputs, and one would overwrite the other; name "
					 "another file",
					 outputs[i]);
				return true;
			}
		if (is_reserved(options, outputs[i])) {
			log_line("cannot read and write '%s' at the same time; write to another file", outputs[i]);
			return true;
		}
	}
	return false;
}
