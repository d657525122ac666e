/* SPDX-License-Identifier: BSD-2-Clause */
#include "kept_log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"
#include "input.h"

unsigned int kept_log_lines;

/* Takes the place of user/log.c: lines are made, so that the arguments are read, and go nowhere. */
void log_line(const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	must(vsnprintf(line, sizeof(line), format, args) > 0);
	va_end(args);
	kept_log_lines++;
}
