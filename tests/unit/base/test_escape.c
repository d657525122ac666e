/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/escape.h"

static char text[1024];

static const char *json(const char *string)
{
	const char *end = string + strlen(string);
	char *at = text;

	while (string < end)
		at = escape_json(at, &string, end);
	*at = '\0';
	return text;
}

static const char *terminal(const char *string, unsigned int max)
{
	*escape_terminal(text, string, max) = '\0';
	return text;
}

static void json_syntax(void **state)
{
	(void)state;
	assert_string_equal(json("eth0.10@if2"), "eth0.10@if2");
	assert_string_equal(json("\"\\/"), "\\\"\\\\/");
	assert_string_equal(json("\x01\t\n\x1f\x7f"), "\\u0001\\u0009\\u000a\\u001f\\u007f");
	assert_string_equal(json("\xc2\x9b\xc2\xa0"), "\\u009b\xc2\xa0");
}

static void json_utf8(void **state)
{
	(void)state;
	assert_string_equal(json("\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7"), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7");
	/* A lone continuation byte, cut, overlong, a surrogate, beyond U+10FFFF: each byte becomes a U+FFFD */
	assert_string_equal(json("a\x80z"), "a\\ufffdz");
	assert_string_equal(json("\xc3"), "\\ufffd");
	assert_string_equal(json("\xe2\x82"), "\\ufffd\\ufffd");
	assert_string_equal(json("\xc0\xaf"), "\\ufffd\\ufffd");
	assert_string_equal(json("\xe0\x80\xaf"), "\\ufffd\\ufffd\\ufffd");
	assert_string_equal(json("\xed\xa0\x80"), "\\ufffd\\ufffd\\ufffd");
	assert_string_equal(json("\xf4\x90\x80\x80"), "\\ufffd\\ufffd\\ufffd\\ufffd");
	assert_string_equal(json("\xf0\x9f\x90z"), "\\ufffd\\ufffd\\ufffdz");
}

static void terminal_commands(void **state)
{
	(void)state;
	assert_string_equal(terminal("wlan 0", 64), "wlan 0");
	assert_string_equal(terminal("\x1b[31mred\r\n\x7f", 64), "?[31mred???");
	/* CSI, of C1, in UTF-8 and as a single byte */
	assert_string_equal(terminal("\xc2\x9b!\x9b!\xc2\xa0", 64), "?!?!\xc2\xa0");
	assert_string_equal(terminal("abcdef", 3), "abc");
	assert_string_equal(terminal("ab\xc3\xa9", 3), "ab?");
}

/* The ends of each range, and their neighbours: U+2027 to 202F, U+2065 to 206A, U+200D to 2010, U+061B to 061D. */
static void bidirectional_controls(void **state)
{
	(void)state;
	assert_string_equal(terminal("\xe2\x80\xa7|\xe2\x80\xa8|\xe2\x80\xae|\xe2\x80\xaf", 64),
			    "\xe2\x80\xa7|?|?|\xe2\x80\xaf");
	assert_string_equal(terminal("\xe2\x81\xa5|\xe2\x81\xa6|\xe2\x81\xa9|\xe2\x81\xaa", 64),
			    "\xe2\x81\xa5|?|?|\xe2\x81\xaa");
	assert_string_equal(terminal("\xe2\x80\x8d|\xe2\x80\x8e|\xe2\x80\x8f|\xe2\x80\x90", 64),
			    "\xe2\x80\x8d|?|?|\xe2\x80\x90");
	assert_string_equal(terminal("\xd8\x9b|\xd8\x9c|\xd8\x9d", 64), "\xd8\x9b|?|\xd8\x9d");
	assert_string_equal(json("\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf"), "\\u2028\\u202e\xe2\x80\xaf");
	assert_string_equal(json("\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9"), "\xe2\x81\xa5\\u2066\\u2069");
	assert_string_equal(json("\xd8\x9c"), "\\u061c");
}

static void lines_stay_lines(void **state)
{
	(void)state;
	*escape_lines(text, "seen 1\n\tlost\r\x1b[2J\xe2\x80\xae\n", 64) = '\0';
	assert_string_equal(text, "seen 1\n\tlost??[2J?\n");
	*escape_lines(text, "ab\ncd", 4) = '\0';
	assert_string_equal(text, "ab\nc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_syntax),       cmocka_unit_test(json_utf8),
		cmocka_unit_test(terminal_commands), cmocka_unit_test(bidirectional_controls),
		cmocka_unit_test(lines_stay_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
