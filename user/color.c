/* SPDX-License-Identifier: BSD-2-Clause */
#include "color.h"

static const struct palette plain;

static const struct palette colored = {{
	[COLOR_RESET] = {"\033[0m", 4},
	[COLOR_ADDRESS] = {"\033[36m", 5},
	[COLOR_PORT] = {"\033[33m", 5},
	[COLOR_FLAGS] = {"\033[32m", 5},
	[COLOR_MARK] = {"\033[31m", 5},
}};

const struct palette *color_palette(bool color)
{
	return color ? &colored : &plain;
}
