/* SPDX-License-Identifier: BSD-2-Clause */
#include "kept_files.h"

#include <errno.h>
#include <stdio.h>

static const void *content;
static size_t content_length;

void kept_files_hold(const void *bytes, size_t length)
{
	content = bytes;
	content_length = length;
}

/* The linker's --wrap replaces fopen(3) by this. */
FILE *__wrap_fopen(const char *path, const char *mode);

FILE *__wrap_fopen(const char *path, const char *mode)
{
	(void)mode;
	errno = ENOENT;
	return *path ? fmemopen((void *)content, content_length, "r") : NULL;
}
