/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/escape.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"

/* Well-formed UTF-8 sequences of more than one byte (Unicode 15, table 3-7). */
static const struct utf8_form {
	unsigned char first_low, first_high;
	unsigned char second_low, second_high;
	unsigned char length;
} utf8_forms[] = {
	{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
	{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
	{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool utf8_fits(const struct utf8_form *form, const unsigned char *bytes, ptrdiff_t left)
{
	if (bytes[0] < form->first_low || bytes[0] > form->first_high || left < form->length)
		return false;
	if (bytes[1] < form->second_low || bytes[1] > form->second_high)
		return false;
	for (int i = 2; i < form->length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* The length in bytes of the character at `from`, or 0 if it is not valid UTF-8. */
static unsigned int utf8_length(const char *from, const char *end)
{
	const unsigned char *bytes = (const unsigned char *)from;

	if (bytes[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(utf8_forms) / sizeof(utf8_forms[0]); i++)
		if (utf8_fits(&utf8_forms[i], bytes, end - from))
			return utf8_forms[i].length;
	return 0;
}

char *escape_json(char *at, const char **from, const char *end)
{
	const char *character = *from;
	unsigned int length = utf8_length(character, end);

	*from += length ? length : 1;
	if (!length)
		return text_string(at, "\\ufffd");
	if (*character == '"' || *character == '\\')
		*at++ = '\\';
	if ((unsigned char)*character < ' ')
		return text_hex(text_string(at, "\\u"), (unsigned char)*character, 4);
	return mempcpy(at, character, length);
}

/* C0, DEL and C1: a terminal may take these for commands. */
static bool is_control(const char *character, unsigned int length)
{
	unsigned char first = (unsigned char)character[0];

	return first < ' ' || first == 0x7f || (length == 2 && first == 0xc2 && (unsigned char)character[1] < 0xa0);
}

char *escape_terminal(char *at, const char *string, unsigned int max)
{
	const char *end = string + strnlen(string, max);

	while (string < end) {
		unsigned int length;

		if (*string >= ' ' && *string <= '~') {
			*at++ = *string++;
			continue;
		}
		length = utf8_length(string, end);
		if (!length || is_control(string, length))
			*at++ = '?';
		else
			at = mempcpy(at, string, length);
		string += length ? length : 1;
	}
	return at;
}
