/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text_builder.h"

#include <stdarg.h>
#include <stdio.h>

void text_builder_add(struct text_builder *to, const char *format, ...)
{
	size_t room = to->size - to->length;
	va_list args;
	int written;

	va_start(args, format);
	written = vsnprintf(to->text + to->length, room, format, args);
	va_end(args);
	to->length += written < 0 ? 0 : (size_t)written < room ? (size_t)written : room - 1;
}
