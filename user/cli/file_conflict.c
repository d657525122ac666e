/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/file_conflict.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/same_file.h"

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
	       !stat_directory(other, &of_other) && same_file(&of_one, &of_other);
}

static bool are_one(const char *one, const char *other)
{
	struct stat of_one, of_other;

	if (stat(one, &of_one))
		return will_be_one(one, other);
	return S_ISREG(of_one.st_mode) && !stat(other, &of_other) && same_file(&of_one, &of_other);
}

/* Whether the files of the rotation may have that name. */
static bool may_rotate_to(const struct options *options, const char *path)
{
	struct stat of_one, of_other;

	return !stat_directory(options->write_path, &of_one) && !stat_directory(path, &of_other) &&
	       same_file(&of_one, &of_other) &&
	       rotation_may_name(&options->rotation, name_of(options->write_path), name_of(path));
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

	return !stat(path, &status) && same_file_among(&status, options->reserved, options->reserved_count);
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
