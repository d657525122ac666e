/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/hexdump.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

enum {
	LINE_BYTES = 16,
	LINE_COLUMNS = 3 * LINE_BYTES,
	LINE_TEXT = 8 + 3 + LINE_COLUMNS + 2 + LINE_BYTES + 1,
	HEXDUMP_CHUNK = OUTPUT_ROOM_MAX / LINE_TEXT * LINE_BYTES,
	LINE_TINTED = LINE_TEXT + 2 * (TINTS_MAX + 2) * 8, /* every tint and its end appear twice */
	ASCIIDUMP_CHUNK = OUTPUT_ROOM_MAX - 1,
};

#define ROW(high)                                                                                               \
	{high "0 "}, {high "1 "}, {high "2 "}, {high "3 "}, {high "4 "}, {high "5 "}, {high "6 "}, {high "7 "}, \
		{high "8 "}, {high "9 "}, {high "A "}, {high "B "}, {high "C "}, {high "D "}, {high "E "},      \
	{                                                                                                       \
		high "F "                                                                                       \
	}

/* A byte as two digits and a blank; the fourth character makes it one load and one store. */
static const char hex_column[256][4] = {ROW("0"), ROW("1"), ROW("2"), ROW("3"), ROW("4"), ROW("5"), ROW("6"), ROW("7"),
					ROW("8"), ROW("9"), ROW("A"), ROW("B"), ROW("C"), ROW("D"), ROW("E"), ROW("F")};

static bool is_printable(uint8_t byte)
{
	return byte >= ' ' && byte <= '~';
}

/* Four digits, or more when the offset needs them. */
static char *offset_text(char *at, uint32_t offset)
{
	for (int shift = 28; shift >= 16; shift -= 4)
		if (offset >> shift)
			*at++ = hex_column[offset >> shift & 0xf][1];
	at = mempcpy(at, hex_column[offset >> 8 & 0xff], 2);
	return mempcpy(at, hex_column[offset & 0xff], 2);
}

/* `count` is 1 to 16; a constant 16 makes it straight code. */
static inline char *hexdump_line(char *at, uint32_t offset, const uint8_t *bytes, size_t count)
{
	uint8_t block[LINE_BYTES] = {0};

	memcpy(block, bytes, count);
	at = mempcpy(offset_text(at, offset), "   ", 3);
/* Unrolled: the loop itself would cost as much as the stores, a quarter of the time of a dump. */
#pragma GCC unroll 16
	for (size_t i = 0; i < LINE_BYTES; i++)
		memcpy(at + 3 * i, hex_column[block[i]], sizeof(hex_column[0]));
	memset(at + 3 * count, ' ', 3 * (LINE_BYTES - count));
	at = mempcpy(at + LINE_COLUMNS, "  ", 2);
	/* A copy lets the compiler convert all sixteen at once. */
	for (int i = 0; i < LINE_BYTES; i++)
		block[i] = is_printable(block[i]) ? block[i] : '.';
	memcpy(at, block, LINE_BYTES);
	at += count;
	*at++ = '\n';
	return at;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

void hexdump(struct output *output, const uint8_t *bytes, uint32_t length)
{
	uint32_t offset = 0;

	while (offset < length) {
		uint32_t end = offset + smaller(length - offset, HEXDUMP_CHUNK);
		char *at = output_room(output, OUTPUT_ROOM_MAX);

		for (; end - offset >= LINE_BYTES; offset += LINE_BYTES)
			at = hexdump_line(at, offset, bytes + offset, LINE_BYTES);
		if (offset < end)
			at = hexdump_line(at, offset, bytes + offset, end - offset);
		offset = end;
		output_advance(output, at);
	}
}

/* The state of a dump in color. */
struct brush {
	const struct palette *palette;
	const struct tint *tint, *end; /* the tint of the next byte; the end of all tints */
	enum color color;              /* currently in force */
};

static char *brush_set(char *at, struct brush *brush, enum color color)
{
	if (color == brush->color)
		return at;
	brush->color = color;
	return color_set(at, brush->palette, color);
}

/* The color of a byte. Offsets must not decrease from call to call. */
static enum color brush_color(struct brush *brush, uint32_t offset)
{
	while (brush->tint < brush->end && brush->tint->end <= offset)
		brush->tint++;
	return brush->tint < brush->end ? brush->tint->color : COLOR_RESET;
}

static char *tinted_line(char *at, struct brush *brush, uint32_t offset, const uint8_t *bytes, size_t count)
{
	const struct tint *first = brush->tint;

	at = mempcpy(offset_text(at, offset), "   ", 3);
	for (uint32_t i = 0; i < count; i++)
		at = mempcpy(brush_set(at, brush, brush_color(brush, offset + i)), hex_column[bytes[i]], 3);
	at = brush_set(at, brush, COLOR_RESET);
	memset(at, ' ', 3 * (LINE_BYTES - count) + 2);
	at += 3 * (LINE_BYTES - count) + 2;
	brush->tint = first;
	for (uint32_t i = 0; i < count; i++) {
		at = brush_set(at, brush, brush_color(brush, offset + i));
		*at++ = (char)(is_printable(bytes[i]) ? bytes[i] : '.');
	}
	at = brush_set(at, brush, COLOR_RESET);
	*at++ = '\n';
	return at;
}

void hexdump_tinted(struct output *output, const uint8_t *bytes, uint32_t length, const struct palette *palette,
		    const struct tint *tints, unsigned int count)
{
	struct brush brush = {.palette = palette, .tint = tints, .end = tints + count};

	for (uint32_t offset = 0; offset < length; offset += LINE_BYTES) {
		char *at = output_room(output, LINE_TINTED);

		output_advance(output,
			       tinted_line(at, &brush, offset, bytes + offset, smaller(length - offset, LINE_BYTES)));
	}
}

void asciidump(struct output *output, const uint8_t *bytes, uint32_t length)
{
	uint32_t offset = 0;

	while (offset < length) {
		uint32_t end = offset + smaller(length - offset, ASCIIDUMP_CHUNK);
		char *at = output_room(output, OUTPUT_ROOM_MAX);

		for (; offset < end; offset++) {
			uint8_t byte = bytes[offset];

			*at++ = (char)(is_printable(byte) || byte == '\n' || byte == '\t' ? byte : '.');
		}
		if (end == length && at[-1] != '\n')
			*at++ = '\n';
		output_advance(output, at);
	}
}

enum {
	EXCERPT_SEARCH = 32,   /* bytes */
	EXCERPT_FIRST_MIN = 4, /* fewer are often printable by chance */
	EXCERPT_LATER_MIN = 6, /* among more places, more are */
	EXCERPT_RUN_MAX = 48,
};

static uint32_t printable_run(const uint8_t *bytes, uint32_t length)
{
	uint32_t run = 0;

	while (run < length && is_printable(bytes[run]))
		run++;
	return run;
}

char *excerpt(char *at, const uint8_t *bytes, uint32_t length)
{
	uint32_t start = 0;

	while (start < smaller(length, EXCERPT_SEARCH)) {
		uint32_t run = printable_run(bytes + start, smaller(length - start, EXCERPT_RUN_MAX));

		if (run >= (start ? EXCERPT_LATER_MIN : EXCERPT_FIRST_MIN) || run == length) {
			at = mempcpy(text_string(at, " \""), bytes + start, run);
			return text_string(at, "\"");
		}
		start += run + 1;
	}
	return at;
}
