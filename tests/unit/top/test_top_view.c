/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys do to a table on a terminal, and what its cells say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "tcp_connection.h"
#include "top/top_columns.h"
#include "top/top_view.h"

#define SECOND 1000000000ull

enum { ROWS = 10, SHOWN = 35 };

/* Press keys; what the last one asks for. */
static enum top_deed press(struct top_view *view, const char *keys)
{
	enum top_deed deed = DEED_DRAW;

	for (; *keys; keys++)
		deed = top_view_press(view, *keys, ROWS, SHOWN);
	return deed;
}

static void test_orders(void **state)
{
	struct top_view view;

	(void)state;
	top_view_init(&view, TOP_FLOW, false);
	assert_int_equal(view.choice.order, TOP_BY_RATE);
	assert_int_equal(press(&view, "s"), DEED_COLLECT);
	assert_int_equal(view.choice.order, TOP_BY_BYTES);
	press(&view, "<<");
	assert_int_equal(view.choice.order, TOP_BY_NAME);
	press(&view, "S");
	assert_int_equal(view.choice.order, TOP_BY_RTT);
	press(&view, "r");
	assert_true(view.choice.is_reversed);
	/* Hosts have no round-trip time. */
	press(&view, "b");
	assert_int_equal(view.choice.key, TOP_HOST);
	assert_int_equal(view.choice.order, TOP_BY_RATE);
	press(&view, "sss");
	assert_int_equal(view.choice.order, TOP_BY_SENT);
	assert_false(view.choice.is_reversed);
}

static void test_keys_to_add_up_by(void **state)
{
	struct top_view view;

	(void)state;
	top_view_init(&view, TOP_PORT, false);
	press(&view, "b");
	assert_int_equal(view.choice.key, TOP_FLOW);
	top_view_init(&view, TOP_PORT, true);
	press(&view, "b");
	assert_int_equal(view.choice.key, TOP_PROCESS);
	press(&view, "b");
	assert_int_equal(view.choice.key, TOP_FLOW);
}

/* While a filter is typed, letters are letters. */
static void test_filter(void **state)
{
	struct top_view view;

	(void)state;
	top_view_init(&view, TOP_FLOW, false);
	assert_int_equal(press(&view, "/q s"), DEED_COLLECT);
	assert_string_equal(view.choice.words, "q s");
	top_view_press(&view, PRESS_BACKSPACE, ROWS, SHOWN);
	top_view_press(&view, PRESS_DOWN, ROWS, SHOWN);
	assert_string_equal(view.words, "q ");
	press(&view, "\n");
	assert_int_equal(press(&view, "q"), DEED_QUIT);
	assert_string_equal(view.words, "q ");
	press(&view, "\033");
	assert_string_equal(view.words, "");
	press(&view, "/");
	for (int i = 0; i < 100; i++)
		press(&view, "x");
	assert_int_equal(strlen(view.words), TOP_WORDS_MAX - 1);
	press(&view, "\033");
	assert_string_equal(view.words, "");
	assert_int_equal(press(&view, "/\033q"), DEED_QUIT);
}

static void test_moves(void **state)
{
	static const struct {
		int key;
		size_t first;
	} rows[] = {
		{PRESS_UP, 0},         {PRESS_DOWN, 1},     {PRESS_PAGE_DOWN, 11}, {PRESS_PAGE_DOWN, 21},
		{PRESS_PAGE_DOWN, 25}, {PRESS_DOWN, 25},    {PRESS_UP, 24},        {PRESS_HOME, 0},
		{PRESS_END, 25},       {PRESS_PAGE_UP, 15}, {PRESS_PAGE_UP, 5},    {PRESS_PAGE_UP, 0},
	};
	struct top_view view;

	(void)state;
	top_view_init(&view, TOP_FLOW, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(top_view_press(&view, rows[i].key, ROWS, SHOWN), DEED_DRAW);
		assert_int_equal(view.first, rows[i].first);
	}
	view.first = 25;
	top_view_bound(&view, ROWS, 12);
	assert_int_equal(view.first, 2);
	top_view_bound(&view, ROWS, 3);
	assert_int_equal(view.first, 0);
}

static void test_help_and_pause(void **state)
{
	struct top_view view;

	(void)state;
	top_view_init(&view, TOP_FLOW, false);
	press(&view, "?b");
	assert_int_equal(view.choice.key, TOP_FLOW); /* any key leads back */
	assert_false(view.shows_help);
	assert_int_equal(press(&view, "hq"), DEED_QUIT);
	assert_int_equal(press(&view, " "), DEED_PAUSE);
	assert_true(view.is_paused);
	assert_int_equal(press(&view, " "), DEED_PAUSE);
	assert_false(view.is_paused);
}

static const char *cell(enum top_order order, const struct flow_record *flow, const struct top_row *row)
{
	static char text[TOP_NAME_MAX];
	struct text_builder line = text_builder_begin(text, sizeof(text));
	const struct top top = {.now = 100000 * SECOND};
	struct top_row whole = *row;

	whole.flow = flow;
	top_column_append(&line, &top, &whole, top_column_find(TOP_FLOW, order), 1);
	return text;
}

static void test_amounts(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{0, "    0"},      {999, "  999"},    {1000, "1.00K"},       {1234, "1.23K"},
		{9994, "9.99K"},   {9995, "10.0K"},   {99949, "99.9K"},      {99951, " 100K"},
		{999499, " 999K"}, {999501, "1.00M"}, {1234567890, "1.23G"}, {UINT64_MAX, "18.4E"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct top_row row = {.bytes = {rows[i].bytes}, .recent = rows[i].bytes};

		assert_string_equal(cell(TOP_BY_BYTES, NULL, &row), rows[i].text);
		assert_string_equal(cell(TOP_BY_RATE, NULL, &row), rows[i].text);
	}
}

static void test_times(void **state)
{
	static const struct {
		uint64_t first, rtt;
		const char *age, *time;
	} rows[] = {
		{100000 * SECOND, 0, "  0s", "    -"},         {99941 * SECOND, 999, " 59s", "  0us"},
		{99940 * SECOND, 123456, "  1m", "123us"},     {96401 * SECOND, 1234567, " 59m", "1.2ms"},
		{96400 * SECOND, 12345678, "  1h", " 12ms"},   {13600 * SECOND, 999400000, "  1d", "999ms"},
		{13601 * SECOND, 1234567890, " 23h", " 1.2s"}, {0, 0, "   -", "    -"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct flow_record flow = {
			.id.protocol = 6,
			.totals = {.first = rows[i].first, .sides[0].rtt = rows[i].rtt},
		};

		assert_string_equal(cell(TOP_BY_AGE, &flow, &(struct top_row){0}), rows[i].age);
		assert_string_equal(cell(TOP_BY_RTT, &flow, &(struct top_row){0}), rows[i].time);
	}
}

static void test_states(void **state)
{
	static const struct {
		uint8_t protocol;
		uint32_t flags[2];
		const char *text;
	} rows[] = {
		{6, {TCP_SYN, 0}, "syn   "},
		{6, {TCP_SYN | TCP_ACK, TCP_SYN | TCP_ACK}, "open  "},
		{6, {TCP_ACK, 0}, "open  "},
		{6, {TCP_ACK | TCP_FIN, TCP_ACK}, "fin   "},
		{6, {TCP_ACK | TCP_FIN, TCP_ACK | TCP_FIN}, "closed"},
		{6, {TCP_ACK | TCP_FIN, TCP_RST}, "reset "},
		{17, {0, 0}, "UDP   "},
		{59, {0, 0}, "no nex"},
		{200, {0, 0}, "-     "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct flow_record flow = {
			.id = {.low = {1}, .protocol = rows[i].protocol},
			.totals.sides = {{.tcp_flags = rows[i].flags[0]}, {.tcp_flags = rows[i].flags[1]}},
		};

		assert_string_equal(cell(TOP_BY_STATE, &flow, &(struct top_row){0}), rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),         cmocka_unit_test(test_keys_to_add_up_by),
		cmocka_unit_test(test_filter),         cmocka_unit_test(test_moves),
		cmocka_unit_test(test_help_and_pause), cmocka_unit_test(test_amounts),
		cmocka_unit_test(test_times),          cmocka_unit_test(test_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
