/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <stdio.h>

#include "print/hexdump.h"
#include "written.h"

/* More than one room of text, and offsets of five digits. */
enum { LONG = 0x10000 + 0x25 };

typedef void dump_function(struct output *output, const uint8_t *bytes, uint32_t length);

/* The bytes end where reading on is a fault. */
static const char *dumped(dump_function *dump, const uint8_t *bytes, uint32_t length)
{
	uint8_t *place = guarded_end() - length;
	struct output output;
	int fd = memory_file();
	const char *text;

	memmove(place, bytes, length);
	assert_int_equal(output_init(&output, fd), 0);
	dump(&output, place, length);
	assert_int_equal(output_flush(&output), 0);
	output_release(&output);
	text = written(fd);
	close(fd);
	return text;
}

static void layout(void **state)
{
	static const uint8_t syn[] = {0x45, 0x00, 0x00, 0x3c, 0x1f, 0x2e, 0x40, 0x00, 0x40,
				      0x06, 0x1b, 0x3f, 0x0a, 0x09, 0x00, 0x01, 0x0a, 0x7e};

	(void)state;
	assert_string_equal(dumped(hexdump, syn, 0), "");
	assert_string_equal(dumped(hexdump, syn, 1), "0000   45                                                E\n");
	assert_string_equal(dumped(hexdump, syn, 15),
			    "0000   45 00 00 3C 1F 2E 40 00 40 06 1B 3F 0A 09 00      E..<..@.@..?...\n");
	assert_string_equal(dumped(hexdump, syn, 16),
			    "0000   45 00 00 3C 1F 2E 40 00 40 06 1B 3F 0A 09 00 01   E..<..@.@..?....\n");
	assert_string_equal(dumped(hexdump, syn, 18),
			    "0000   45 00 00 3C 1F 2E 40 00 40 06 1B 3F 0A 09 00 01   E..<..@.@..?....\n"
			    "0010   0A 7E                                             .~\n");
}

static char *expected_line(char *at, const uint8_t *bytes, uint32_t offset, uint32_t length)
{
	at += sprintf(at, "%04X  ", offset);
	for (uint32_t i = offset; i < offset + 16; i++)
		at += i < length ? sprintf(at, " %02X", bytes[i]) : sprintf(at, "   ");
	at += sprintf(at, "   ");
	for (uint32_t i = offset; i < offset + 16 && i < length; i++)
		*at++ = isprint(bytes[i]) ? (char)bytes[i] : '.';
	*at++ = '\n';
	return at;
}

static void every_byte_and_long_offsets(void **state)
{
	static uint8_t bytes[LONG];
	char *expected = malloc(LONG / 16 * 80 + 160), *at = expected;

	(void)state;
	assert_non_null(expected);
	for (size_t i = 0; i < LONG; i++)
		bytes[i] = (uint8_t)(i + (i >> 8));
	for (uint32_t offset = 0; offset < LONG; offset += 16)
		at = expected_line(at, bytes, offset, LONG);
	*at = '\0';
	assert_string_equal(dumped(hexdump, bytes, LONG), expected);
	free(expected);
}

static const char *as_text(const char *string)
{
	return dumped(asciidump, (const uint8_t *)string, (uint32_t)strlen(string));
}

static void payload_as_text(void **state)
{
	(void)state;
	assert_string_equal(as_text(""), "");
	assert_string_equal(as_text("GET / HTTP/1.1\r\n\r\n"), "GET / HTTP/1.1.\n.\n");
	assert_string_equal(as_text("a\tb\x1b[31m\x80\xff"), "a\tb.[31m..\n");
}

static void long_payload_as_text(void **state)
{
	static uint8_t bytes[LONG];
	const char *text;

	(void)state;
	memset(bytes, 'x', LONG);
	text = dumped(asciidump, bytes, LONG);
	assert_int_equal(strspn(text, "x"), LONG);
	assert_string_equal(text + LONG, "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout),
		cmocka_unit_test(every_byte_and_long_offsets),
		cmocka_unit_test(payload_as_text),
		cmocka_unit_test(long_payload_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
