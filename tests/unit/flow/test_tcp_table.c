/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/tcp_table.h"

/* The table of connections, and the segments in it that wait for their ACKs. */

enum { FLOWS = 64 };

static struct flow_id number(uint32_t n)
{
	return (struct flow_id){.low = {0, n}, .high = {0, 1}, .low_port = 80, .protocol = 6};
}

static void note(void *context, struct tcp_flow *flow)
{
	uint64_t *sums = context;

	sums[0]++;
	sums[1] += flow->suffered;
}

static void each_keeps_its_own(void **state)
{
	struct tcp_table *table = tcp_table_open(FLOWS, NULL, NULL);
	uint64_t sums[2] = {0};

	(void)state;
	assert_non_null(table);
	for (uint32_t n = 0; n < 8; n++) {
		const struct flow_id id = number(n);
		struct tcp_flow *flow = tcp_table_find(table, &id);

		assert_int_equal(flow->suffered, 0);
		flow->suffered = n + 1;
	}
	for (uint32_t n = 0; n < 8; n++) {
		const struct flow_id id = number(n);

		assert_int_equal(tcp_table_find(table, &id)->suffered, n + 1);
	}
	tcp_table_each(table, note, sums);
	assert_int_equal(sums[0], 8);
	assert_int_equal(sums[1], 36);
	tcp_table_close(table);
}

/* One that is used at every turn stays; those that go are told, counted, and start anew. */
static void the_silent_lose_their_place(void **state)
{
	uint64_t gone[2] = {0};
	struct tcp_table *table = tcp_table_open(FLOWS, note, gone);
	const struct flow_id busy = number(1000000);

	(void)state;
	for (uint32_t n = 0; n < 10000; n++) {
		const struct flow_id id = number(n);
		struct tcp_flow *flow = tcp_table_find(table, &id);

		assert_int_equal(flow->suffered, 0);
		assert_int_equal(flow->unacked[0].count, 0);
		assert_int_equal(flow->connection.sides[1].next, 0);
		flow->suffered = 1;
		flow->connection.sides[1].next = 5;
		unacked_add(tcp_table_pool(table), &flow->unacked[0], 5, 1);
		flow = tcp_table_find(table, &busy);
		assert_int_equal(flow->suffered, n);
		flow->suffered++;
	}
	assert_int_equal(gone[0], 10001 - FLOWS);
	assert_int_equal(gone[1], 10001 - FLOWS);
	tcp_table_close(table);
}

/* None is forgotten before there are as many as there is room for. */
static void as_many_as_there_is_room_for(void **state)
{
	enum { MANY = 65536 };
	uint64_t gone[2] = {0};
	struct tcp_table *table = tcp_table_open(MANY, note, gone);

	(void)state;
	assert_non_null(table);
	for (uint32_t n = 0; n < MANY; n++) {
		const struct flow_id id = number(n);

		tcp_table_find(table, &id);
	}
	assert_in_range(gone[0], 0, 20); /* that happen to share a set with eight others */
	tcp_table_close(table);
}

static struct unacked_pool pool;

static int open_pool(void **state)
{
	(void)state;
	return unacked_pool_init(&pool, 1000);
}

static int close_pool(void **state)
{
	(void)state;
	unacked_pool_release(&pool);
	return 0;
}

static void the_time_to_an_ack(void **state)
{
	struct unacked unacked = {0};

	(void)state;
	unacked_add(&pool, &unacked, 100, 1000);
	unacked_add(&pool, &unacked, 200, 2000);
	unacked_add(&pool, &unacked, 300, 3000);
	assert_int_equal(unacked_remove(&pool, &unacked, 99, 9000), 0);
	assert_int_equal(unacked.count, 3);
	assert_int_equal(unacked_remove(&pool, &unacked, 200, 9000), 7000);
	assert_int_equal(unacked.count, 1);
	assert_int_equal(unacked_remove(&pool, &unacked, 200, 9000), 0);
	assert_int_equal(unacked_remove(&pool, &unacked, 350, 9000), 0); /* covers it, but ends elsewhere */
	assert_int_equal(unacked.count, 0);
	unacked_add(&pool, &unacked, 400, 4000);
	assert_int_equal(unacked_remove(&pool, &unacked, 400, 3999), 0); /* a clock that went backwards */
}

/* A repeated segment waits since it was sent first; one that fills a hole is found behind those that came before. */
static void repeated_segments(void **state)
{
	struct unacked unacked = {0};

	(void)state;
	unacked_add(&pool, &unacked, 200, 1000);
	unacked_add(&pool, &unacked, 300, 2000);
	unacked_add(&pool, &unacked, 100, 3000);
	unacked_add(&pool, &unacked, 200, 4000);
	assert_int_equal(unacked_remove(&pool, &unacked, 100, 9000), 6000);
	assert_int_equal(unacked_remove(&pool, &unacked, 200, 9000), 8000);
	assert_int_equal(unacked.count, 1);
	unacked_add(&pool, &unacked, 400, 5000);
	assert_int_equal(unacked_remove(&pool, &unacked, 400, 9000), 4000);
	assert_int_equal(unacked.count, 0);
}

/* A direction has a bound, and all together have one; places come back. */
static void no_more_room(void **state)
{
	struct unacked some[3] = {{0}};

	(void)state;
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t i = 1; i <= 600; i++)
			for (int n = 0; n < 3; n++)
				unacked_add(&pool, &some[n], i * 10, i);
		assert_int_equal(some[0].count + some[1].count + some[2].count, 1000);
		assert_true(some[0].count <= UNACKED_MAX);
		assert_int_equal(unacked_remove(&pool, &some[0], 10, 5), 4);
		unacked_clear(&pool, &some[0]);
		assert_int_equal(unacked_remove(&pool, &some[1], 6000, 5), 0);
		unacked_clear(&pool, &some[2]);
		assert_int_equal(some[0].count + some[1].count + some[2].count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_keeps_its_own),
		cmocka_unit_test(the_silent_lose_their_place),
		cmocka_unit_test(as_many_as_there_is_room_for),
		cmocka_unit_test_setup_teardown(the_time_to_an_ack, open_pool, close_pool),
		cmocka_unit_test_setup_teardown(repeated_segments, open_pool, close_pool),
		cmocka_unit_test_setup_teardown(no_more_room, open_pool, close_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
