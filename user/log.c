/* SPDX-License-Identifier: BSD-2-Clause */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>

#include "escape.h"

void log_line(const char *format, ...)
{
	char line[1024], clean[sizeof(line)];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	*escape_terminal(clean, line, sizeof(clean) - 1) = '\0'; /* what users typed may hold anything */
	/* One call, one write: standard error is unbuffered, and lines of two processes must not mix. */
	fprintf(stderr, "bpfsniff: %s\n", clean);
}
