/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "print/wrap.h"

#define TEN    "0123456789"
#define FIFTY  TEN TEN TEN TEN TEN
#define NINETY FIFTY TEN TEN TEN TEN

static void assert_wrapped(const char *text, const char *wanted)
{
	char buffer[WRAPPED_MAX(1024, 8)];
	char *end = stpcpy(buffer, text);

	end = wrap_lines(buffer, end);
	*end = '\0';
	assert_string_equal(buffer, wanted);
}

static void a_line_that_fits_stays(void **state)
{
	(void)state;
	assert_wrapped("", "");
	assert_wrapped(NINETY "  12345678", NINETY "  12345678");
	assert_wrapped(NINETY "  123456789", NINETY "\n      123456789");
	assert_wrapped("\n" NINETY "  12345678\n" FIFTY " a " FIFTY "\n",
		       "\n" NINETY "  12345678\n" FIFTY " a\n      " FIFTY "\n");
}

static void a_title_is_wrapped_at_its_arrow(void **state)
{
	(void)state;
	assert_wrapped("time  UDP [1]:1 > " NINETY "  frame 5", "time  UDP [1]:1\n      > " NINETY "\n      frame 5");
	assert_wrapped("  Link  1 > 2  " NINETY, "  Link  1 > 2\n        " NINETY);
}

static void fields_and_items_stay_whole(void **state)
{
	(void)state;
	assert_wrapped("  IPv4  " FIFTY " 1  " TEN TEN TEN " 2 " TEN,
		       "  IPv4  " FIFTY " 1\n        " TEN TEN TEN " 2 " TEN);
	assert_wrapped("        options " FIFTY ", " TEN TEN " 1, 2 " TEN TEN,
		       "        options " FIFTY ", " TEN TEN " 1,\n          2 " TEN TEN);
	assert_wrapped("  UDP   " FIFTY TEN TEN " 1 [malformed: " TEN TEN "]",
		       "  UDP   " FIFTY TEN TEN " 1\n        [malformed: " TEN TEN "]");
}

static void words_where_there_is_nothing_better(void **state)
{
	(void)state;
	assert_wrapped(NINETY " 1 2 3 4 5 6 7", NINETY " 1 2 3 4 5\n      6 7");
	assert_wrapped(NINETY TEN TEN, NINETY TEN TEN);
	assert_wrapped(NINETY TEN TEN " 1 2", NINETY TEN TEN "\n      1 2");
}

/* What is moved is wrapped again, and indented no further. */
static void into_more_than_two_lines(void **state)
{
	(void)state;
	assert_wrapped("        options " NINETY ", " NINETY ", " NINETY "\n  Data",
		       "        options\n          " NINETY ",\n          " NINETY ",\n          " NINETY "\n  Data");
}

static void escapes_take_no_columns(void **state)
{
	(void)state;
	assert_wrapped("\033[1m" NINETY "\033[0m  \033[1;31m12345678\033[0m",
		       "\033[1m" NINETY "\033[0m  \033[1;31m12345678\033[0m");
	assert_wrapped("  UDP   \033[36m" NINETY "\033[0m \033[1;31m[bad]\033[0m",
		       "  UDP   \033[36m" NINETY "\033[0m\n        \033[1;31m[bad]\033[0m");
	/* No line ends in color. */
	assert_wrapped("1 \033[1;31m" NINETY ", 1234567 2\033[0m", "1\n      \033[1;31m" NINETY ", 1234567 2\033[0m");
	assert_wrapped("\033[1m" NINETY "  #12345678 1\033[0m  eth0",
		       "\033[1m" NINETY "  #12345678 1\033[0m\n      eth0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_fits_stays),      cmocka_unit_test(a_title_is_wrapped_at_its_arrow),
		cmocka_unit_test(fields_and_items_stay_whole), cmocka_unit_test(words_where_there_is_nothing_better),
		cmocka_unit_test(into_more_than_two_lines),    cmocka_unit_test(escapes_take_no_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
