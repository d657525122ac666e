/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_HEXDUMP_H
#define BPFSNIFF_HEXDUMP_H

#include <stdint.h>

#include "base/output.h"
#include "print/color.h"

/* Write lines of sixteen bytes: the offset from 0 in at least four hexadecimal digits, the bytes in upper-case
 * hexadecimal, and as ASCII, with a dot for what is not printable. */
void hexdump(struct output *output, const uint8_t *bytes, uint32_t length);

/* Bytes of one color, from the end of the tint before it up to an offset. */
struct tint {
	uint32_t end;
	enum color color;
};

enum { TINTS_MAX = 3 };

/* The same in color. Bytes behind the last tint have none. */
void hexdump_tinted(struct output *output, const uint8_t *bytes, uint32_t length, const struct palette *palette,
		    const struct tint *tints, unsigned int count);

/* Write the bytes as text: printable ASCII, newlines and tabs as they are, a dot for the rest. The text ends with a
 * newline unless it is empty. */
void asciidump(struct output *output, const uint8_t *bytes, uint32_t length);

enum { EXCERPT_MAX = 64 }; /* bytes that excerpt() appends at most */

/* Append the first printable text of some bytes in quotes, with a blank before it: the text they begin with, four
 * printable ASCII characters or more, or fewer if there are no other bytes; or else the first six or more in a row that
 * begin within 32 bytes. At most 48 characters; nothing if there is no text. Returns the new end. */
char *excerpt(char *at, const uint8_t *bytes, uint32_t length);

#endif
