/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TEXT_BUILDER_H
#define BPFSNIFF_TEXT_BUILDER_H

#include <stddef.h>
#include <stdint.h>

/* Formatted text in the caller's buffer, cut where that is full and always terminated. For occasional output; packets
 * are printed with text.h. What is written for each of many flows goes without printf(3). */
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

/* Append a string, or as much of it as there is room for. */
void text_builder_string(struct text_builder *to, const char *string);

/* Append a decimal number, with blanks in front if it has fewer than `width` digits, which is at most 20. */
void text_builder_number(struct text_builder *to, uint64_t number, unsigned int width);

#endif
