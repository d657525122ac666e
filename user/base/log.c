/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"

static bool shows; /* log_show() has left a text on the last line */

void log_show(const char *text)
{
	if (text || shows)
		fprintf(stderr, "\r%s\033[K", text ? text : ""); /* erase to the end of the line (ECMA-48, EL) */
	shows = text;
}

void log_line(const char *format, ...)
{
	char *line, *clean;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&line, format, args);
	va_end(args);
	if (length < 0)
		line = NULL;
	clean = line ? malloc((size_t)length + 1) : NULL;
	if (!clean) {
		fputs("bpfsniff: out of memory for a message\n", stderr);
	} else {
		*escape_terminal(clean, line, (unsigned int)length) = '\0'; /* it may quote what a user typed */
		/* One call is one write(2), since standard error is unbuffered: lines of two processes must not mix. */
		fprintf(stderr, "%sbpfsniff: %s\n", shows ? "\r\033[K" : "", clean);
		shows = false;
	}
	free(clean);
	free(line);
}
