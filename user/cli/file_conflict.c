/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/file_conflict.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static const char *file_path(const char *path)
{
	return path && strcmp(path, "-") != 0 ? path : NULL;
}

void file_conflict_outputs(const struct options *options, const char *paths[OUTPUT_PATHS])
{
	paths[0] = file_path(options->write_path);
	paths[1] = file_path(options->flows.log_path);
	paths[2] = file_path(options->metrics_path);
}

static bool is_one(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

bool file_conflict_is(const char *path, const struct stat *status)
{
	struct stat found;

	return S_ISREG(status->st_mode) && !stat(path, &found) && is_one(&found, status);
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
	struct stat status;

	return stat(one, &status) ? will_be_one(one, other) : file_conflict_is(other, &status);
}

bool file_conflict_refuse(const struct options *options, const char *const inputs[], size_t count)
{
	const char *outputs[OUTPUT_PATHS];

	file_conflict_outputs(options, outputs);
	for (size_t i = 0; i < OUTPUT_PATHS; i++) {
		if (!outputs[i])
			continue;
		for (size_t j = 0; j < i; j++)
			if (outputs[j] && are_one(outputs[j], outputs[i])) {
				log_line("'%s' is named for two outputs, and one would overwrite the other; name "
					 "another file",
					 outputs[i]);
				return true;
			}
		for (size_t j = 0; j < count; j++)
			if (are_one(inputs[j], outputs[i])) {
				log_line("cannot read and write '%s' at the same time; write to another file",
					 outputs[i]);
				return true;
			}
	}
	return false;
}
