/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "packet/verdict_names.h"
#include "stats/stats.h"
#include "stats/stats_print.h"

static void expect(size_t (*print)(const struct stats *, char[STATS_TEXT_MAX]), const struct stats *stats,
		   const char *wanted)
{
	char text[STATS_TEXT_MAX];

	assert_int_equal(print(stats, text), strlen(wanted));
	assert_string_equal(text, wanted);
}

/* The example of the contract. */
static const struct stats example = {
	.seen = 1234567,
	.verdict =
		{
			[VERDICT_ACCEPTED] = 234567,
			[VERDICT_LOOPBACK] = 1000,
			[VERDICT_NOT_IP] = 20,
			[VERDICT_PROTOCOL] = 30000,
			[VERDICT_PORT] = 968980,
		},
	.delivered = 234560,
	.lost = 7,
};

static const struct stats nothing;

/* Each number is another. */
static const struct stats every_reason = {
	.seen = 240,
	.verdict = {120, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	.delivered = 107,
	.lost = 13,
};

/* As long as it can get. */
static const struct stats longest = {
	.seen = UINT64_MAX,
	.verdict = {[VERDICT_ACCEPTED] = UINT64_MAX},
	.delivered = UINT64_MAX,
};

static const struct stats forgetful = {
	.seen = 11,
	.verdict = {[VERDICT_ACCEPTED] = 5, [VERDICT_FLOW_LIMIT] = 6},
	.delivered = 5,
	.evicted = 3,
	.connections_evicted = 2,
	.connections_forgotten = 4,
	.analyses_lost = 1,
};

static void text(void **state)
{
	(void)state;
	expect(stats_text, &example,
	       "seen 1234567 = accepted 234567 + rejected 1000000\n"
	       "rejected: loopback 1000, not-ip 20, protocol 30000, port 968980\n"
	       "accepted 234567 = delivered 234560 + lost 7\n");
	expect(stats_text, &nothing,
	       "seen 0 = accepted 0 + rejected 0\n"
	       "accepted 0 = delivered 0 + lost 0\n");
	expect(stats_text, &every_reason,
	       "seen 240 = accepted 120 + rejected 120\n"
	       "rejected: direction 1, loopback 2, duplicate 3, not-ip 4, malformed 5, protocol 6, host 7, port 8, "
	       "tcp-flags 9, own-session 10, expression 11, process 12, tcp-event 13, sample 14, flow-limit 15\n"
	       "accepted 120 = delivered 107 + lost 13\n");
	expect(stats_text, &longest,
	       "seen 18446744073709551615 = accepted 18446744073709551615 + rejected 0\n"
	       "accepted 18446744073709551615 = delivered 18446744073709551615 + lost 0\n");
	expect(stats_text, &forgetful,
	       "seen 11 = accepted 5 + rejected 6\n"
	       "rejected: flow-limit 6\n"
	       "accepted 5 = delivered 5 + lost 0\n"
	       "flows forgotten 3: their packets count from 1 again; --flow-table gives more room\n"
	       "connections forgotten 2: their next segment was judged as a first one; --flow-table gives more room\n"
	       "connections forgotten 4: their next segment was judged as a first one\n"
	       "analyses lost 1: what was found of so many packets was gone when they were read\n");
}

static void json(void **state)
{
	(void)state;
	expect(stats_json, &example,
	       "{\"statistics\":{\"seen\":1234567,\"accepted\":234567,\"rejected\":{\"direction\":0,\"loopback\":1000,"
	       "\"duplicate\":0,"
	       "\"not-ip\":20,\"malformed\":0,\"protocol\":30000,\"host\":0,\"port\":968980,\"tcp-flags\":0,"
	       "\"own-session\":0,\"expression\":0,\"process\":0,\"tcp-event\":0,\"sample\":0,\"flow-limit\":0},"
	       "\"delivered\":234560,"
	       "\"lost\":7}}\n");
	expect(stats_json, &nothing,
	       "{\"statistics\":{\"seen\":0,\"accepted\":0,\"rejected\":{\"direction\":0,\"loopback\":0,\"duplicate\":"
	       "0,\"not-ip\":0,"
	       "\"malformed\":0,\"protocol\":0,\"host\":0,\"port\":0,\"tcp-flags\":0,\"own-session\":0,\"expression\":"
	       "0,\"process\":0,\"tcp-event\":0,\"sample\":0,"
	       "\"flow-limit\":0},\"delivered\":0,\"lost\":0}}\n");
	expect(stats_json, &every_reason,
	       "{\"statistics\":{\"seen\":240,\"accepted\":120,\"rejected\":{\"direction\":1,\"loopback\":2,"
	       "\"duplicate\":3,\"not-ip\":4,\"malformed\":5,\"protocol\":6,\"host\":7,\"port\":8,\"tcp-flags\":9,"
	       "\"own-session\":10,\"expression\":11,\"process\":12,\"tcp-event\":13,\"sample\":14,\"flow-limit\":15},"
	       "\"delivered\":"
	       "107,\"lost\":13}}"
	       "\n");
	expect(stats_json, &forgetful,
	       "{\"statistics\":{\"seen\":11,\"accepted\":5,\"rejected\":{\"direction\":0,\"loopback\":0,\"duplicate\":"
	       "0,\"not-ip\":0,"
	       "\"malformed\":0,\"protocol\":0,\"host\":0,\"port\":0,\"tcp-flags\":0,\"own-session\":0,\"expression\":"
	       "0,\"process\":0,\"tcp-event\":0,\"sample\":0,"
	       "\"flow-limit\":6},\"delivered\":5,\"lost\":0,\"flows_forgotten\":3,\"connections_forgotten\":4,"
	       "\"analyses_lost\":1}}\n");
}

/* The text of the largest numbers is not cut. */
static void room(void **state)
{
	struct stats stats = {.seen = UINT64_MAX,
			      .delivered = UINT64_MAX,
			      .lost = UINT64_MAX,
			      .evicted = UINT64_MAX,
			      .connections_evicted = UINT64_MAX,
			      .connections_forgotten = UINT64_MAX,
			      .analyses_lost = UINT64_MAX,
			      .owners_evicted = UINT64_MAX};
	char line[STATS_TEXT_MAX];

	(void)state;
	memset(stats.verdict, 0xff, sizeof(stats.verdict));
	assert_in_range(stats_text(&stats, line), 1, STATS_TEXT_MAX - 2);
	assert_non_null(
		strstr(line, "+ lost 18446744073709551615 + in flight 1\nflows forgotten 18446744073709551615: "));
	assert_int_equal(line[strlen(line) - 1], '\n');
	assert_in_range(stats_json(&stats, line), 1, STATS_TEXT_MAX - 2);
	assert_string_equal(line + strlen(line) - strlen("18446744073709551615}}\n"), "18446744073709551615}}\n");
}

static void names(void **state)
{
	static const char *const wanted[VERDICT_COUNT] = {
		"accepted", "direction", "loopback",    "duplicate",  "not-ip",  "malformed", "protocol", "host",
		"port",     "tcp-flags", "own-session", "expression", "process", "tcp-event", "sample",   "flow-limit",
	};

	(void)state;
	for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
		assert_string_equal(verdict_name((enum verdict)verdict), wanted[verdict]);
}

/* What one side of a sum has and the other has not is told, and added to neither. */
static void in_flight(void **state)
{
	const struct stats stats = {
		.seen = 20,
		.verdict = {[VERDICT_ACCEPTED] = 12, [VERDICT_PORT] = 5},
		.delivered = 6,
		.lost = 2,
	};
	char line[STATS_TEXT_MAX];

	(void)state;
	assert_int_equal(stats_unjudged(&stats), 3);
	assert_int_equal(stats_undelivered(&stats), 4);
	expect(stats_text, &stats,
	       "seen 20 = accepted 12 + rejected 5 + in flight 3\n"
	       "rejected: port 5\n"
	       "accepted 12 = delivered 6 + lost 2 + in flight 4\n");
	stats_json(&stats, line);
	assert_non_null(strstr(line, "{\"seen\":20,\"accepted\":12,"));
	assert_non_null(strstr(line, ",\"delivered\":6,\"lost\":2,\"in_flight\":7}}\n"));
}

/* A sum with more on the right than on the left is shown as it is in text; JSON has no number below 0 for it. */
static void more_than_there_were(void **state)
{
	const struct stats stats = {
		.seen = 10,
		.verdict = {[VERDICT_ACCEPTED] = 8, [VERDICT_PORT] = 5},
		.delivered = 9,
		.lost = 1,
	};
	char line[STATS_TEXT_MAX];

	(void)state;
	assert_int_equal(stats_unjudged(&stats), -3);
	assert_int_equal(stats_undelivered(&stats), -2);
	expect(stats_text, &stats,
	       "seen 10 = accepted 8 + rejected 5 + in flight -3\n"
	       "rejected: port 5\n"
	       "accepted 8 = delivered 9 + lost 1 + in flight -2\n");
	stats_json(&stats, line);
	assert_non_null(strstr(line, ",\"delivered\":9,\"lost\":1}}\n"));
}

/* The reasons alone, as a list. */
static void reasons(void **state)
{
	(void)state;
	expect(stats_reasons, &nothing, "");
	expect(stats_reasons, &forgetful, "flow-limit 6");
	expect(stats_reasons, &example, "loopback 1000, not-ip 20, protocol 30000, port 968980");
}

/* At the end a sum that does not hold is an error, whichever side has more. */
static void sums(void **state)
{
	static const struct {
		uint64_t seen, accepted, rejected, delivered, lost;
		bool holds;
	} rows[] = {
		{0, 0, 0, 0, 0, true},        {10, 7, 3, 5, 2, true},          {11, 7, 3, 5, 2, false},
		{9, 7, 3, 5, 2, false},       {10, 7, 3, 4, 2, false},         {10, 7, 3, 6, 2, false},
		{2000, 2000, 0, 0, 0, false}, {1ULL << 32, 0, 0, 0, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct stats stats = {
			.seen = rows[i].seen,
			.verdict = {[VERDICT_ACCEPTED] = rows[i].accepted, [VERDICT_HOST] = rows[i].rejected},
			.delivered = rows[i].delivered,
			.lost = rows[i].lost,
		};

		assert_int_equal(stats_add_up(&stats), rows[i].holds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(json),
		cmocka_unit_test(room),
		cmocka_unit_test(names),
		cmocka_unit_test(in_flight),
		cmocka_unit_test(sums),
		cmocka_unit_test(more_than_there_were),
		cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
