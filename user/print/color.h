/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_COLOR_H
#define BPFSNIFF_COLOR_H

#include <stdbool.h>
#include <string.h>

/* Each layer has one: its header's name, its addresses or ports, and its bytes in the hexdump. */
enum color {
	COLOR_RESET, /* of the payload too */
	COLOR_LINK,
	COLOR_NETWORK,
	COLOR_TRANSPORT,
	COLOR_STRONG, /* what one looks for: where a packet begins, its flags */
	COLOR_MARK,   /* what is wrong with a packet */
	COLORS,
};

/* Escape sequences of ECMA-48, select graphic rendition. */
struct palette {
	struct {
		char bytes[8];
		unsigned char length;
	} codes[COLORS];
};

/* Without color every sequence is empty. */
const struct palette *color_palette(bool color);

/* What follows is in that color. Room for eight bytes must be there, also where there is no color. */
static inline char *color_set(char *at, const struct palette *palette, enum color color)
{
	memcpy(at, palette->codes[color].bytes, sizeof(palette->codes[color].bytes));
	return at + palette->codes[color].length;
}

#endif
