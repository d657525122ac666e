/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of several reports, as they reach standard error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "stats/stats_rates.h"

enum { AGO = 1000 }; /* seconds since the last report: what a test takes does not change a rounded rate */

static const struct stats stats = {
	.seen = 3007600,
	.verdict = {[VERDICT_ACCEPTED] = 2000600, [VERDICT_PORT] = 7},
	.lost = 3600,
};

/* The report before: 3000/s, 2000/s and 3/s are to come. */
static struct stats_rates before(void)
{
	return (struct stats_rates){.time_ns = clock_monotonic_ns() - (int64_t)AGO * NSEC_PER_SEC,
				    .seen = 7100,
				    .accepted = 200,
				    .lost = 600};
}

/* Call it with standard error in a pipe, and return what it wrote. */
static const char *said(void (*report)(struct stats_rates *, const struct stats *), struct stats_rates *rates)
{
	static char text[256];
	int ends[2], kept = dup(STDERR_FILENO);
	ssize_t length;

	assert_true(kept >= 0);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	report(rates, &stats);
	dup2(kept, STDERR_FILENO);
	length = read(ends[0], text, sizeof(text) - 1);
	assert_true(length >= 0);
	text[length] = '\0';
	close(kept);
	close(ends[0]);
	close(ends[1]);
	return text;
}

/* A rate that is off by more than one in ten thousand is wrong. */
static void expect_near(uint64_t rate, uint64_t wanted)
{
	assert_in_range(rate, wanted - 1, wanted);
}

static void printed(void **state)
{
	struct stats_rates rates = before();
	const char *line = said(stats_rates_print, &rates);
	unsigned int hour, minute, second;
	unsigned long seen, accepted, lost;

	(void)state;
	assert_int_equal(sscanf(line, "%2u:%2u:%2u seen %lu/s accepted %lu/s lost %lu/s", &hour, &minute, &second,
				&seen, &accepted, &lost),
			 6);
	expect_near(seen, 3001); /* 3000.5 */
	expect_near(accepted, 2000);
	assert_int_equal(lost, 3);
	assert_string_equal(strstr(line, " lost "), " lost 3/s\n");
}

/* The next report begins where the last has ended. */
static void the_next_report(void **state)
{
	struct stats_rates rates = before();

	(void)state;
	said(stats_rates_print, &rates);
	assert_int_equal(rates.seen, 3007600);
	assert_int_equal(rates.accepted, 2000600);
	assert_int_equal(rates.lost, 3600);
	assert_true(clock_monotonic_ns() - rates.time_ns < (int64_t)100 * NSEC_PER_SEC);
	rates.time_ns -= (int64_t)AGO * NSEC_PER_SEC;
	assert_non_null(strstr(said(stats_rates_print, &rates), " seen 0/s accepted 0/s lost 0/s\n"));
}

/* Less than a half is nothing, and more is one. */
static void rounded(void **state)
{
	struct stats_rates rates = before();

	(void)state;
	rates.lost = stats.lost - 490;
	rates.accepted = stats.verdict[VERDICT_ACCEPTED] - 600;
	rates.seen = stats.seen - 400;
	assert_non_null(strstr(said(stats_rates_print, &rates), " seen 0/s accepted 1/s lost 0/s\n"));
}

/* On a terminal: the numbers so far, and one rate. */
static void shown(void **state)
{
	struct stats_rates rates = before();
	unsigned long rate;
	const char *line = said(stats_rates_show, &rates);

	(void)state;
	assert_int_equal(sscanf(line, "\rseen 3007600  accepted 2000600 (%lu/s)  lost 3600", &rate), 1);
	expect_near(rate, 2000);
	assert_non_null(strstr(line, "/s)  lost 3600\033[K"));
}

static void started(void **state)
{
	struct stats_rates rates = before();
	int64_t now = clock_monotonic_ns();

	(void)state;
	stats_rates_start(&rates);
	assert_true(rates.time_ns >= now);
	assert_int_equal(rates.seen, 0);
	assert_int_equal(rates.accepted, 0);
	assert_int_equal(rates.lost, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printed), cmocka_unit_test(the_next_report), cmocka_unit_test(rounded),
		cmocka_unit_test(shown),   cmocka_unit_test(started),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
