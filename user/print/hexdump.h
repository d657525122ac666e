/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_HEXDUMP_H
#define BPFSNIFF_HEXDUMP_H

#include <stdint.h>

#include "base/output.h"
#include "print/color.h"

/* Write lines of sixteen bytes: the offset from 0 in at least four hexadecimal digits, the bytes in upper-case
 * hexadecimal, and what of them is printable ASCII, with a dot for the rest. */
void hexdump(struct output *output, const uint8_t *bytes, uint32_t length);

/* Bytes of one color, up to an offset; where the one before it ends they begin. */
struct tint {
	uint32_t end;
	enum color color;
};

enum { TINTS_MAX = 3 };

/* The same in color. What lies behind the last tint has none. */
void hexdump_tinted(struct output *output, const uint8_t *bytes, uint32_t length, const struct palette *palette,
		    const struct tint *tints, unsigned int count);

/* Write the bytes as text: printable ASCII, newlines and tabs kept, a dot for the rest; ends in a newline unless there
 * is nothing to show. */
void asciidump(struct output *output, const uint8_t *bytes, uint32_t length);

#endif
