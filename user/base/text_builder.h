/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TEXT_BUILDER_H
#define BPFSNIFF_TEXT_BUILDER_H

#include <stddef.h>

/* Formatted text in the caller's buffer, cut where that is full and always terminated. For occasional output; packets
 * are printed with text.h. */
struct text_builder {
	char *text;
	size_t length, size; /* bytes; size, above 0, includes the terminating NUL */
};

/* An empty text in `size` bytes at `text`. */
static inline struct text_builder text_builder_begin(char *text, size_t size)
{
	*text = '\0';
	return (struct text_builder){.text = text, .size = size};
}

/* Append text, formatted as by printf(3). */
void text_builder_add(struct text_builder *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
