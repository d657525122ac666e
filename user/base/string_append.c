/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/string_append.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int string_append(char **text, const char *separator, const char *word)
{
	const char *so_far = *text ? *text : "";
	char *longer;

	if (asprintf(&longer, "%s%s%s", so_far, *so_far ? separator : "", word) < 0)
		return -ENOMEM;
	free(*text);
	*text = longer;
	return 0;
}
