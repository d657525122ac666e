/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text_builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

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

static void append(struct text_builder *to, const char *text, size_t length)
{
	const size_t room = to->size - to->length - 1;

	if (length > room)
		length = room;
	*(char *)mempcpy(to->text + to->length, text, length) = '\0';
	to->length += length;
}

void text_builder_string(struct text_builder *to, const char *string)
{
	append(to, string, strlen(string));
}

void text_builder_number(struct text_builder *to, uint64_t number, unsigned int width)
{
	char text[TEXT_U64_MAX + TEXT_OVERRUN];
	const size_t length = (size_t)(text_u64(text, number) - text);

	if (length < width)
		append(to, "                    ", width - length);
	append(to, text, length);
}
