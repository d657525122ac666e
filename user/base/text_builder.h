/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TEXT_BUILDER_H
#define BPFSNIFF_TEXT_BUILDER_H

#include <stddef.h>

/* Text that grows in room that does not; always terminated. For what is said now and then, not for packets (text.h). */
struct text_builder {
	char *text;
	size_t length, size; /* bytes; size with the terminating NUL */
};

/* Append, as printf(3); what does not fit is cut. */
void text_builder_add(struct text_builder *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
