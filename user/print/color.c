/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/color.h"

static const struct palette plain;

/* Yellow is hard to read on a light background, and blue on a dark one. Bold keeps the terminal's own color. */
static const struct palette colored = {{
	[COLOR_RESET] = {"\033[0m", 4},
	[COLOR_LINK] = {"\033[32m", 5},
	[COLOR_NETWORK] = {"\033[36m", 5},
	[COLOR_TRANSPORT] = {"\033[35m", 5},
	[COLOR_STRONG] = {"\033[1m", 4},
	[COLOR_MARK] = {"\033[1;31m", 7},
	[COLOR_OPENING] = {"\033[1;32m", 7},
	[COLOR_CLOSING] = {"\033[1;36m", 7},
	[COLOR_WARNING] = {"\033[1;35m", 7},
}};

const struct palette *color_palette(bool color)
{
	return color ? &colored : &plain;
}
