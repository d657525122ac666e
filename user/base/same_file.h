/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SAME_FILE_H
#define BPFSNIFF_SAME_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* Whether both are of one file, whatever names lead to it (inode(7)). */
static inline bool same_file(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

static inline bool same_file_among(const struct stat *file, const struct stat others[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same_file(file, &others[i]))
			return true;
	return false;
}

#endif
