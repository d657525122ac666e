/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "print/timestamp.h"

enum { SECOND = 1000000000 };

static struct timestamp timestamp;

static const char *text(int64_t time_ns)
{
	static char buffer[TIMESTAMP_MAX + 1];

	*timestamp_text(&timestamp, buffer, time_ns) = '\0';
	return buffer;
}

static void clock_time(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_CLOCK);
	assert_string_equal(text(1795446153123456789), "17:02:33.123456789");
	assert_string_equal(text(1795446153000000001), "17:02:33.000000001");
	assert_string_equal(text(1795446154000000000), "17:02:34.000000000");
	assert_string_equal(text(1795446153999999999), "17:02:33.999999999");
	assert_string_equal(text(0), "02:00:00.000000000");
	assert_string_equal(text(-1), "01:59:59.999999999");
}

static void date_and_time(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_DATE);
	assert_string_equal(text(1795446153123456789), "2026-11-23 17:02:33.123456789");
	assert_string_equal(text(2147483648 * SECOND), "2038-01-19 05:14:08.000000000");
	assert_string_equal(text(4294967296 * SECOND), "2106-02-07 08:28:16.000000000");
	assert_string_equal(text(-SECOND), "1970-01-01 01:59:59.000000000");
	assert_string_equal(text(INT64_MAX), "2262-04-12 01:47:16.854775807");
	assert_string_equal(text(INT64_MIN), "1677-09-21 02:12:43.145224192");
}

static void rfc3339(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_RFC3339);
	assert_string_equal(text(1795446153123456789), "2026-11-23T15:02:33.123456789Z");
	assert_string_equal(text(0), "1970-01-01T00:00:00.000000000Z");
}

/* The very first second is no other than those behind it. */
static void the_first_second(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_RFC3339);
	assert_string_equal(text(1), "1970-01-01T00:00:00.000000001Z");
}

static void microseconds(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_RFC3339);
	timestamp.micro = true;
	assert_string_equal(text(1795446153123456789), "2026-11-23T15:02:33.123456Z");
}

static void none(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_NONE);
	assert_string_equal(text(1795446153123456789), "");
}

static void since_the_epoch(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_EPOCH);
	assert_string_equal(text(1795446153123456789), "1795446153.123456789");
	assert_string_equal(text(5), "0.000000005");
	assert_string_equal(text(-1500000000), "-1.500000000");
	assert_string_equal(text(INT64_MIN), "-9223372036.854775808");
}

static void since_the_previous(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_DELTA);
	assert_string_equal(text(1795446153123456789), "00:00:00.000000000");
	assert_string_equal(text(1795446153123456790), "00:00:00.000000001");
	assert_string_equal(text(1795449814123456790), "01:01:01.000000000");
	assert_string_equal(text(1795449812623456790), "-00:00:01.500000000");
	assert_string_equal(text(1795449812623456790), "00:00:00.000000000");
}

static void since_the_first(void **state)
{
	(void)state;
	timestamp_init(&timestamp, TIME_ELAPSED);
	assert_string_equal(text(INT64_MIN), "00:00:00.000000000");
	assert_string_equal(text(INT64_MIN + 99 * 3600L * SECOND), "99:00:00.000000000");
	assert_string_equal(text(INT64_MIN + 100 * 3600L * SECOND), "100:00:00.000000000");
	assert_string_equal(text(INT64_MAX), "5124095:34:33.709551615");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock_time),      cmocka_unit_test(date_and_time),
		cmocka_unit_test(rfc3339),         cmocka_unit_test(none),
		cmocka_unit_test(since_the_epoch), cmocka_unit_test(since_the_previous),
		cmocka_unit_test(since_the_first), cmocka_unit_test(the_first_second),
		cmocka_unit_test(microseconds),
	};

	setenv("TZ", "XXX-2", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
