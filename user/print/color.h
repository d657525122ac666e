/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_COLOR_H
#define BPFSNIFF_COLOR_H

#include <stdbool.h>
#include <string.h>

/* In the full style each layer has its color, for the name of its header, its addresses or ports, and its bytes in the
 * hexdump. In the brief style only events have one. */
enum color {
	COLOR_RESET, /* also the payload's */
	COLOR_LINK,
	COLOR_NETWORK,
	COLOR_TRANSPORT,
	COLOR_STRONG,  /* what the eye looks for: the start of a packet, its flags */
	COLOR_MARK,    /* what is wrong with a packet; a reset, a retransmission */
	COLOR_OPENING, /* SYN */
	COLOR_CLOSING, /* FIN */
	COLOR_WARNING, /* other trouble of a connection */
	COLORS,
};

/* Escape sequences (ECMA-48, select graphic rendition). */
struct palette {
	struct {
		char bytes[8];
		unsigned char length;
	} codes[COLORS];
};

/* Without color every sequence is empty. */
const struct palette *color_palette(bool color);

/* Append the sequence that starts a color. There must be room for eight bytes, even without color. */
static inline char *color_set(char *at, const struct palette *palette, enum color color)
{
	memcpy(at, palette->codes[color].bytes, sizeof(palette->codes[color].bytes));
	return at + palette->codes[color].length;
}

#endif
