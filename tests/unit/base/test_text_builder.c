/* SPDX-License-Identifier: BSD-2-Clause */
/* Text is cut where its buffer is full, and always terminated; numbers are padded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text_builder.h"

static void test_numbers(void **state)
{
	static const struct {
		uint64_t number;
		unsigned int width;
		const char *text;
	} rows[] = {
		{0, 0, "0"},
		{7, 3, "  7"},
		{1234, 4, "1234"},
		{1234, 2, "1234"},
		{4294967296, 12, "  4294967296"},
		{UINT64_MAX, 20, "18446744073709551615"},
		{1, 20, "                   1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[32];
		struct text_builder line = text_builder_begin(text, sizeof(text));

		text_builder_number(&line, rows[i].number, rows[i].width);
		assert_string_equal(text, rows[i].text);
	}
}

static void test_a_full_buffer(void **state)
{
	char text[8];
	struct text_builder line = text_builder_begin(text, sizeof(text));

	(void)state;
	text_builder_string(&line, "abc");
	text_builder_number(&line, 12, 3);
	assert_string_equal(text, "abc 12");
	text_builder_number(&line, 345, 0);
	assert_string_equal(text, "abc 123");
	text_builder_string(&line, "more");
	text_builder_add(&line, "%d", 6);
	assert_string_equal(text, "abc 123");
	assert_int_equal(line.length, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_a_full_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
