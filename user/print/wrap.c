/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/wrap.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { INDENT_BELOW_TITLE = 6, INDENT_BELOW_HEADER = 8, INDENT_BELOW_FIELDS = 10 };

/* How well a line ends at a blank. */
enum quality { QUALITY_NONE, QUALITY_BLANK, QUALITY_ITEM, QUALITY_ARROW };

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	return at;
}

/* ECMA-48, select graphic rendition: ESC [ ... m. */
static const char *skip_escape(const char *at, const char *end)
{
	if (at < end && *at == '\033')
		while (at < end && *at++ != 'm')
			;
	return at;
}

/* The sequence that ends at `end` turns a color on; ESC [ 0 m turns it off. */
static bool is_color(const char *end)
{
	return end[-2] != '0';
}

static enum quality quality_of(const char *blank, const char *end)
{
	const char *next = skip_blanks(blank, end), *text = skip_escape(next, end);

	if (text == end)
		return QUALITY_NONE;
	if (next - blank > 1 || blank[-1] == ',' || *text == '[')
		return QUALITY_ITEM;
	return *text == '>' ? QUALITY_ARROW : QUALITY_BLANK;
}

/* The blank at which a line ends best, the last of equals; NULL if the line is short enough. Where no blank keeps it
 * short enough, the first one. */
static const char *best_blank(const char *line, const char *end)
{
	const char *best = NULL, *at = skip_blanks(line, end);
	enum quality quality, best_quality = QUALITY_BLANK;
	size_t columns = (size_t)(at - line);
	bool in_color = false; /* no line ends in color */

	for (; at < end && (columns <= WRAP_COLUMNS || !best); at++, columns++) {
		while (at < end && *at == '\033') {
			at = skip_escape(at, end);
			in_color = is_color(at);
		}
		if (at == end)
			break;
		quality = *at == ' ' && at[-1] != ' ' && !in_color ? quality_of(at, end) : QUALITY_NONE;
		if (quality == QUALITY_ARROW && *line == ' ')
			quality = QUALITY_BLANK; /* not in the title */
		if (quality >= best_quality) {
			best = at;
			best_quality = quality;
		}
	}
	return columns > WRAP_COLUMNS ? best : NULL;
}

static size_t indent_below(const char *line, const char *end)
{
	size_t indent = (size_t)(skip_blanks(line, end) - line);

	if (!indent)
		return INDENT_BELOW_TITLE;
	return indent < INDENT_BELOW_HEADER ? INDENT_BELOW_HEADER : INDENT_BELOW_FIELDS;
}

/* Put a newline and an indent in place of the blanks at `blank`. Returns the new end. */
static char *split(char *blank, char *end, size_t indent)
{
	const char *rest = skip_blanks(blank, end);
	size_t length = (size_t)(end - rest);

	memmove(blank + 1 + indent, rest, length);
	*blank = '\n';
	memset(blank + 1, ' ', indent);
	return blank + 1 + indent + length;
}

char *wrap_lines(char *text, char *end)
{
	char *line, *line_end, *newline;
	const char *blank;
	size_t indent = 0; /* of what is moved; 0: not known yet */

	for (line = text; end - line > WRAP_COLUMNS; line = line_end + 1) {
		newline = memchr(line, '\n', (size_t)(end - line));
		line_end = newline ? newline : end;
		blank = line_end - line > WRAP_COLUMNS ? best_blank(line, line_end) : NULL;
		if (!blank) {
			indent = 0;
			continue;
		}
		indent = indent ? indent : indent_below(line, line_end);
		line_end = line + (blank - line);
		end = split(line_end, end, indent);
	}
	return end;
}
