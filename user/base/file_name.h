/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILE_NAME_H
#define BPFSNIFF_FILE_NAME_H

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { FILE_NAME_MAX = PATH_MAX + 3 };

/* How messages name a file: quoted, or as the standard stream that "-" stands for. Returns `text`. */
static inline const char *file_name(char text[FILE_NAME_MAX], const char *path, const char *standard)
{
	if (strcmp(path, "-") == 0)
		snprintf(text, FILE_NAME_MAX, "%s", standard);
	else
		snprintf(text, FILE_NAME_MAX, "'%s'", path);
	return text;
}

#endif
