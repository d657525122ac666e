/* SPDX-License-Identifier: BSD-2-Clause */
#include "well_formed.h"

#include <stdint.h>
#include <string.h>

/* The rest of a text that is read from its front. */
struct text {
	const char *at, *end;
};

static bool take_one(struct text *text, char wanted)
{
	if (text->at == text->end || *text->at != wanted)
		return false;
	text->at++;
	return true;
}

static bool take_class(struct text *text, char low, char high)
{
	if (text->at == text->end || *text->at < low || *text->at > high)
		return false;
	text->at++;
	return true;
}

/* Take a character of UTF-8 (RFC 3629), decoded; -1 if it is malformed. */
static int32_t take_character(struct text *text)
{
	static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)*text->at++;
	int more = first < 0x80 ? 0 : first < 0xc0 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf8 ? 3 : -1;
	int32_t value = more > 0 ? first & (0x3f >> more) : first;

	if (more < 0 || text->end - text->at < more)
		return -1;
	for (int i = 0; i < more; i++, text->at++) {
		if ((*text->at & 0xc0) != 0x80)
			return -1;
		value = value << 6 | (*text->at & 0x3f);
	}
	return value < least[more] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? -1 : value;
}

/* Take the rest of a sequence that selects a color (ECMA-48, 8.3.117); *on is false if it resets the color. */
static bool take_color(struct text *text, bool *on)
{
	if (!take_one(text, '['))
		return false;
	*on = text->at < text->end && *text->at != '0';
	while (take_class(text, '0', '9') || take_one(text, ';'))
		;
	return take_one(text, 'm');
}

/* The controls that reverse text. */
static bool is_bidirectional(int32_t character)
{
	return (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069);
}

bool is_clean_text(const char *string, size_t length, bool color)
{
	struct text text = {string, string + length};
	bool on = false;

	if (length && string[length - 1] != '\n')
		return false;
	while (text.at < text.end) {
		int32_t character = take_character(&text);

		if (color && character == '\033' && take_color(&text, &on))
			continue;
		if (on && character == '\n')
			return false;
		if (character < ' ' ? character != '\n' && character != '\t' : character >= 0x7f && character < 0xa0)
			return false;
		if (is_bidirectional(character))
			return false;
	}
	return true;
}

static bool take_value(struct text *text);

static bool take_word(struct text *text, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(text->end - text->at) < length || memcmp(text->at, word, length) != 0)
		return false;
	text->at += length;
	return true;
}

static bool take_hex_digit(struct text *text)
{
	return take_class(text, '0', '9') || take_class(text, 'a', 'f') || take_class(text, 'A', 'F');
}

static bool take_escape(struct text *text)
{
	if (text->at == text->end)
		return false;
	if (*text->at != 'u')
		return strchr("\"\\/bfnrt", *text->at++);
	text->at++;
	for (int digits = 0; digits < 4; digits++)
		if (!take_hex_digit(text))
			return false;
	return true;
}

static bool take_string(struct text *text)
{
	if (!take_one(text, '"'))
		return false;
	while (text->at < text->end && *text->at != '"')
		if (*text->at == '\\' ? (text->at++, !take_escape(text)) : take_character(text) < ' ')
			return false;
	return take_one(text, '"');
}

/* Take a whole number; bpfsniff writes no others. */
static bool take_number(struct text *text)
{
	take_one(text, '-');
	if (take_one(text, '0'))
		return true;
	if (!take_class(text, '1', '9'))
		return false;
	while (take_class(text, '0', '9'))
		;
	return true;
}

/* Take the members after an opening bracket. */
static bool take_members(struct text *text, char close, bool keys)
{
	if (take_one(text, close))
		return true;
	do {
		if (keys && (!take_string(text) || !take_one(text, ':')))
			return false;
		if (!take_value(text))
			return false;
	} while (take_one(text, ','));
	return take_one(text, close);
}

static bool take_value(struct text *text) /* NOLINT(misc-no-recursion): as deep as the program nests */
{
	if (take_one(text, '{'))
		return take_members(text, '}', true);
	if (take_one(text, '['))
		return take_members(text, ']', false);
	return (text->at < text->end && *text->at == '"')
		       ? take_string(text)
		       : take_word(text, "true") || take_word(text, "false") || take_number(text);
}

bool is_json_line(const char *string, size_t length)
{
	struct text text = {string, string + length};

	return take_value(&text) && take_one(&text, '\n') && text.at == text.end;
}
