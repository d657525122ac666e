/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/escape.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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

/* The code point of a well-formed character. */
static uint32_t code_point(const char *character, unsigned int length)
{
	uint32_t code = (unsigned char)character[0] & (length == 1 ? 0x7f : 0x7f >> length);

	for (unsigned int i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)character[i] & 0x3f);
	return code;
}

/* C0, DEL and C1, which a terminal may take for commands, the separators of lines and paragraphs, and the controls that
 * have it show text in another order (Unicode Standard Annex 9, sections 2.1 to 2.6). */
static bool is_control(uint32_t code)
{
	return code < ' ' || (code >= 0x7f && code < 0xa0) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0x200e || code == 0x200f || code == 0x061c;
}

char *escape_json(char *at, const char **from, const char *end)
{
	const char *character = *from;
	unsigned int length = utf8_length(character, end);

	*from += length ? length : 1;
	if (!length)
		return text_string(at, "\\ufffd");
	if (is_control(code_point(character, length)))
		return text_hex(text_string(at, "\\u"), code_point(character, length), 4);
	if (*character == '"' || *character == '\\')
		*at++ = '\\';
	return mempcpy(at, character, length);
}

/* `kept`: controls that stay. */
static char *escape(char *at, const char *string, unsigned int max, const char *kept)
{
	const char *end = string + strnlen(string, max);

	while (string < end) {
		unsigned int length;

		if ((*string >= ' ' && *string <= '~') || strchr(kept, *string)) {
			*at++ = *string++;
			continue;
		}
		length = utf8_length(string, end);
		if (!length || is_control(code_point(string, length)))
			*at++ = '?';
		else
			at = mempcpy(at, string, length);
		string += length ? length : 1;
	}
	return at;
}

char *escape_terminal(char *at, const char *string, unsigned int max)
{
	return escape(at, string, max, "");
}

char *escape_lines(char *at, const char *string, unsigned int max)
{
	return escape(at, string, max, "\n\t");
}
