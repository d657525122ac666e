/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "stats/status_report.h"

#define STATS_JSON                                                                                                     \
	"\"statistics\":{\"seen\":7,\"accepted\":5,\"rejected\":{\"direction\":0,\"loopback\":2,\"duplicate\":0,"      \
	"\"not-ip\":0,"                                                                                                \
	"\"malformed\":0,"                                                                                             \
	"\"protocol\":0,\"host\":0,\"port\":0,\"tcp-flags\":0,\"own-session\":0,\"expression\":0,\"process\":0,\"tcp-" \
	"event\":0,"                                                                                                   \
	"\"sample\":0,"                                                                                                \
	"\"flow-limit\":0},\"delivered\":4,\"lost\":1}"

static const char *const interfaces[] = {"eth0", "odd\"name"};

static const struct stats stats = {
	.seen = 7, .verdict = {[VERDICT_ACCEPTED] = 5, [VERDICT_LOOPBACK] = 2}, .delivered = 4, .lost = 1};

static const struct status_report report = {
	.stats = &stats,
	.filter = "--port=53 udp",
	.filter_since = 1795446153,
	.interfaces = interfaces,
	.interface_count = 2,
	.output = "brief style",
	.headers = "read in place",
};

static void text(void **state)
{
	char said[1024];
	size_t length = status_report(&report, false, said, sizeof(said));

	(void)state;
	assert_int_equal(length, strlen(said));
	assert_string_equal(said, "seen 7 = accepted 5 + rejected 2\n"
				  "rejected: loopback 2\n"
				  "accepted 5 = delivered 4 + lost 1\n"
				  "filter: --port=53 udp\n"
				  "since: 2026-11-23T15:02:33Z\n"
				  "interfaces: eth0, odd\"name\n"
				  "output: brief style\n"
				  "headers: read in place\n");
}

static void json(void **state)
{
	char said[1024];
	size_t length = status_report(&report, true, said, sizeof(said));

	(void)state;
	assert_int_equal(length, strlen(said));
	assert_string_equal(said, "{" STATS_JSON ",\"filter\":\"--port=53 udp\",\"since\":\"2026-11-23T15:02:33Z\","
				  "\"interfaces\":[\"eth0\",\"odd\\\"name\"],\"output\":\"brief "
				  "style\",\"headers\":\"read in place\"}\n");
}

/* Whatever the room, nothing is written behind it; JSON is whole or nothing. */
static void every_room(void **state)
{
	char whole[1024], said[1024 + 1];
	size_t length = status_report(&report, true, whole, sizeof(whole));

	(void)state;
	for (size_t size = 1; size < sizeof(whole); size++) {
		memset(said, '#', sizeof(said));
		assert_in_range(status_report(&report, false, said, size), 0, size - 1);
		assert_int_equal(said[size], '#');
		memset(said, '#', sizeof(said));
		if (status_report(&report, true, said, size) == 0)
			assert_string_equal(said, "");
		else
			assert_string_equal(said, whole);
		assert_int_equal(said[size], '#');
	}
	assert_string_equal(said, whole);
	assert_int_equal(strlen(said), length);
}

/* A long filter is cut and leaves room for the rest. */
static void long_filter(void **state)
{
	static char filter[100000], said[60000];
	struct status_report of = report;

	(void)state;
	memset(filter, 'x', sizeof(filter) - 1);
	of.filter = filter;
	status_report(&of, false, said, sizeof(said));
	assert_non_null(strstr(said, "xxx...\nsince: "));
	assert_non_null(strstr(said, "\noutput: brief style\n"));
	status_report(&of, true, said, sizeof(said));
	assert_non_null(strstr(said, "xxx...\",\"since\":"));
	assert_non_null(strstr(said, "\"output\":\"brief style\",\"headers\":\"read in place\"}\n"));
}

/* A filter of the greatest length is shown whole, without dots. */
static void longest_filter(void **state)
{
	static char filter[30000 + 1], said[60000];
	struct status_report of = report;
	const char *shown;

	(void)state;
	memset(filter, 'x', sizeof(filter) - 1);
	of.filter = filter;
	status_report(&of, false, said, sizeof(said));
	shown = strstr(said, "filter: ") + strlen("filter: ");
	assert_int_equal(strspn(shown, "x"), 30000);
	assert_memory_equal(shown + 30000, "\nsince: ", strlen("\nsince: "));
}

/* Whatever the lines of a filter, it is one of the report; a filter without words is named. */
static void lines_of_a_filter(void **state)
{
	struct status_report of = report;
	char said[1024];

	(void)state;
	of.filter = "port 53\n or\nport 54";
	status_report(&of, false, said, sizeof(said));
	assert_non_null(strstr(said, "\nfilter: port 53  or port 54\nsince: "));
	of.filter = "";
	status_report(&of, false, said, sizeof(said));
	assert_non_null(strstr(said, "\nfilter: (the default)\nsince: "));
}

/* The time is UTC wherever the sniffer runs, and goes beyond 2038. */
static void time_of_a_filter(void **state)
{
	struct status_report of = report;
	char said[1024];

	(void)state;
	setenv("TZ", "XYZ-5", 1);
	tzset();
	of.filter_since = 4294967296;
	status_report(&of, false, said, sizeof(said));
	assert_non_null(strstr(said, "\nsince: 2106-02-07T06:28:16Z\n"));
	unsetenv("TZ");
	tzset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(json),
		cmocka_unit_test(every_room),
		cmocka_unit_test(long_filter),
		cmocka_unit_test(longest_filter),
		cmocka_unit_test(lines_of_a_filter),
		cmocka_unit_test(time_of_a_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
