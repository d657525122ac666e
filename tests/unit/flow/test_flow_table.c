/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/flow_table.h"
#include "tcp_connection.h"

/* When flows end, what is told of them, and that the sums hold. */

static const uint64_t SECOND = 1000000000;

enum { TOLD_MAX = 64 };

static struct flow_record told[TOLD_MAX];
static size_t told_count;

static void remember(void *context, const struct flow_record *record)
{
	(void)context;
	assert_in_range(told_count, 0, TOLD_MAX - 1);
	told[told_count++] = *record;
}

static struct flow_table *open_table(uint32_t flows)
{
	const struct flow_table_options options = {
		.flows = flows,
		.idle_ns = 30 * SECOND,
		.active_ns = 100 * SECOND,
		.linger_ns = 2 * SECOND,
		.tell = remember,
	};

	told_count = 0;
	return flow_table_open(&options);
}

/* A packet of 100 bytes of flow `number`. */
static void add(struct flow_table *table, uint16_t number, uint64_t seconds, bool from_high, uint8_t flags)
{
	const struct flow_packet packet = {
		.id = {.low = {0, 1}, .high = {0, 2}, .low_port = number, .high_port = 80, .protocol = 6},
		.time = seconds * SECOND,
		.bytes = 100,
		.tcp_flags = flags,
		.from_high = from_high,
	};

	flow_table_add_packet(table, &packet);
}

static void check_sums(const struct flow_table *table, uint64_t packets)
{
	struct flow_sums sums;

	flow_table_sums(table, &sums);
	assert_int_equal(packets, sums.packets + sums.evicted_packets);
	assert_int_equal(100 * packets, sums.bytes + sums.evicted_bytes);
}

static void test_silence_ends_a_flow(void **state)
{
	struct flow_table *table = open_table(8);

	(void)state;
	add(table, 1, 10, false, TCP_ACK);
	add(table, 1, 40, true, TCP_ACK);
	assert_int_equal(0, told_count);
	add(table, 2, 71, false, TCP_ACK);
	assert_int_equal(1, told_count);
	assert_int_equal(FLOW_IDLE, told[0].end);
	assert_int_equal(10 * SECOND, told[0].totals.first);
	assert_int_equal(40 * SECOND, told[0].totals.last);
	assert_int_equal(1, told[0].totals.sides[1].packets);
	flow_table_stop(table);
	assert_int_equal(2, told_count);
	assert_int_equal(FLOW_STOPPED, told[1].end);
	check_sums(table, 3);
	flow_table_close(table);
}

static void test_closed_from_both_sides(void **state)
{
	struct flow_table *table = open_table(8);

	(void)state;
	add(table, 1, 10, false, TCP_FIN | TCP_ACK);
	flow_table_pass(table, 13 * SECOND);
	assert_int_equal(0, told_count); /* one side is open */
	add(table, 1, 14, true, TCP_FIN | TCP_ACK);
	add(table, 1, 15, false, TCP_ACK);
	flow_table_pass(table, 17 * SECOND);
	assert_int_equal(0, told_count);
	flow_table_pass(table, 17 * SECOND + 1);
	assert_int_equal(1, told_count);
	assert_int_equal(FLOW_FIN, told[0].end);
	assert_int_equal(2, told[0].totals.sides[0].packets);
	flow_table_close(table);
}

static void test_reset_and_reused(void **state)
{
	struct flow_table *table = open_table(8);

	(void)state;
	add(table, 1, 10, true, TCP_RST);
	add(table, 1, 11, false, TCP_SYN);
	assert_int_equal(1, told_count);
	assert_int_equal(FLOW_RESET, told[0].end);
	assert_true(flow_source_is_high(&told[0].totals));
	flow_table_stop(table);
	assert_int_equal(FLOW_STOPPED, told[1].end);
	assert_false(flow_source_is_high(&told[1].totals));
	flow_table_close(table);
}

static void test_source_is_who_sent_the_syn(void **state)
{
	struct flow_table *table = open_table(8);

	(void)state;
	add(table, 1, 10, true, TCP_SYN | TCP_ACK); /* the SYN was not seen */
	add(table, 2, 10, true, TCP_ACK);
	add(table, 2, 11, false, TCP_SYN);
	add(table, 3, 11, true, TCP_ACK);
	flow_table_stop(table);
	assert_int_equal(3, told_count);
	assert_false(flow_source_is_high(&told[0].totals));
	assert_false(flow_source_is_high(&told[1].totals));
	assert_true(flow_source_is_high(&told[2].totals));
	flow_table_close(table);
}

static void test_long_flow_is_told_in_between(void **state)
{
	struct flow_table *table = open_table(8);
	struct flow_sums sums;

	(void)state;
	for (uint64_t at = 10; at <= 120; at += 10)
		add(table, 1, at, false, TCP_ACK);
	assert_int_equal(1, told_count);
	assert_int_equal(FLOW_ACTIVE, told[0].end);
	assert_int_equal(10, told[0].totals.sides[0].packets);
	flow_table_stop(table);
	assert_int_equal(2, told_count);
	assert_int_equal(2, told[1].totals.sides[0].packets);
	assert_int_equal(110 * SECOND, told[1].totals.first);
	flow_table_sums(table, &sums);
	assert_int_equal(1, sums.count);
	check_sums(table, 12);
	flow_table_close(table);
}

/* Who was silent longest goes, unless one has ended anyway. */
static void test_no_room(void **state)
{
	struct flow_table *table = open_table(3);
	struct flow_sums sums;

	(void)state;
	add(table, 1, 10, false, TCP_ACK);
	add(table, 2, 10, false, TCP_RST);
	add(table, 3, 10, false, TCP_ACK);
	add(table, 4, 11, false, TCP_ACK);
	assert_int_equal(1, told_count);
	assert_int_equal(2, told[0].id.low_port);
	add(table, 1, 11, false, TCP_ACK);
	add(table, 5, 11, false, TCP_ACK);
	flow_table_sums(table, &sums);
	assert_int_equal(1, sums.evicted);
	assert_int_equal(1, sums.evicted_packets);
	assert_int_equal(100, sums.evicted_bytes);
	flow_table_add_evicted(table, 7, 700);
	check_sums(table, 13);
	flow_table_stop(table);
	assert_int_equal(4, told_count);
	for (size_t i = 1; i < told_count; i++)
		assert_int_not_equal(3, told[i].id.low_port);
	flow_table_sums(table, &sums);
	assert_int_equal(4, sums.count);
	flow_table_close(table);
}

/* A table that is looked at in the end keeps what has ended, as long as there is room. */
static void count(void *context, const struct flow_record *record)
{
	*(uint64_t *)context += flow_packets_sum(&record->totals);
}

static void test_ended_flows_are_kept(void **state)
{
	const struct flow_table_options options = {
		.flows = 4, .idle_ns = SECOND, .linger_ns = SECOND, .keeps_ended = true};
	struct flow_table *table = flow_table_open(&options);
	struct flow_sums sums;
	uint64_t packets = 0;

	(void)state;
	for (uint16_t i = 0; i < 4; i++)
		add(table, i, 10 * i + 1, false, TCP_ACK);
	flow_table_each(table, count, &packets);
	assert_int_equal(4, packets);
	add(table, 9, 100, false, TCP_ACK);
	flow_table_sums(table, &sums);
	assert_int_equal(1, sums.evicted);
	packets = 0;
	flow_table_each(table, count, &packets);
	assert_int_equal(4, packets);
	check_sums(table, 5);
	flow_table_close(table);
}

static void test_many_flows(void **state)
{
	struct flow_table *table = open_table(1000);
	struct flow_sums sums;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++)
		add(table, (uint16_t)(i * 7919), 10, i & 1, TCP_ACK);
	flow_table_sums(table, &sums);
	assert_int_equal(1000, sums.count);
	check_sums(table, 100000);
	flow_table_close(table);
}

static void test_recent_bytes(void **state)
{
	struct flow_table *table = open_table(8);
	struct flow_record *record = &told[0];

	(void)state;
	add(table, 1, 10, false, TCP_ACK);
	add(table, 1, 10, false, TCP_ACK);
	flow_table_each(table, remember, NULL);
	assert_int_equal(0, flow_recent_bytes(record, flow_table_period(table)));
	flow_table_next_period(table);
	assert_int_equal(200, flow_recent_bytes(record, flow_table_period(table)));
	add(table, 1, 10, false, TCP_ACK);
	told_count = 0;
	flow_table_each(table, remember, NULL);
	assert_int_equal(200, flow_recent_bytes(record, flow_table_period(table)));
	flow_table_next_period(table);
	assert_int_equal(100, flow_recent_bytes(record, flow_table_period(table)));
	flow_table_next_period(table);
	assert_int_equal(0, flow_recent_bytes(record, flow_table_period(table)));
	flow_table_close(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silence_ends_a_flow),
		cmocka_unit_test(test_closed_from_both_sides),
		cmocka_unit_test(test_reset_and_reused),
		cmocka_unit_test(test_source_is_who_sent_the_syn),
		cmocka_unit_test(test_long_flow_is_told_in_between),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_ended_flows_are_kept),
		cmocka_unit_test(test_many_flows),
		cmocka_unit_test(test_recent_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
