/* SPDX-License-Identifier: BSD-2-Clause */
/* The flows of a table in order, added up, and those with the words that were asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "flow/flow_owner.h"
#include "flow/flow_top.h"
#include "flow/flow_top_text.h"
#include "tcp_connection.h"

#define SECOND 1000000000ull

static struct flow_table *table;
static struct top top;

/* A packet from 10.9.0.1 to a port of 10.9.0.`host`, or back. */
static void add(uint16_t port, uint8_t host, uint8_t protocol, uint32_t bytes, bool back)
{
	struct flow_packet packet = {
		.id = {.low_port = 40000, .high_port = port, .protocol = protocol, .version = 4},
		.time = SECOND,
		.bytes = bytes,
		.from_high = back,
	};
	const uint8_t low[16] = {[10] = 0xff, 0xff, 10, 9, 0, 1}, high[16] = {[10] = 0xff, 0xff, 10, 9, 0, host};

	memcpy(packet.id.low, low, sizeof(low));
	memcpy(packet.id.high, high, sizeof(high));
	if (protocol == 6)
		packet.tcp_flags = TCP_ACK;
	flow_table_add_packet(table, &packet);
}

static int setup(void **state)
{
	const struct flow_table_options options = {.flows = 16, .idle_ns = SECOND};

	(void)state;
	table = flow_table_open(&options);
	top = (struct top){0};
	add(53, 2, 17, 300, false);
	add(80, 3, 6, 100, false);
	add(80, 3, 6, 500, true);
	add(443, 2, 6, 300, false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	top_release(&top);
	flow_table_close(table);
	return 0;
}

static void collect(enum top_key key, enum top_order order, bool is_reversed, const char *words)
{
	const struct top_choice choice = {key, order, is_reversed, words};

	assert_int_equal(top_collect(&top, table, &choice), 0);
}

/* The names of the rows that are shown, each on a line. */
static void expect(const char *names)
{
	char text[1024];
	struct text_builder line = text_builder_begin(text, sizeof(text));

	for (size_t i = 0; i < top.shown; i++) {
		const struct top_row row = top_row(&top, i);

		top_text_name(&line, &top, &row, true);
		text_builder_add(&line, "\n");
	}
	assert_string_equal(text, names);
}

#define DNS   "UDP 10.9.0.1:40000 > 10.9.0.2:53\n"
#define WEB   "TCP 10.9.0.1:40000 > 10.9.0.3:80\n"
#define HTTPS "TCP 10.9.0.1:40000 > 10.9.0.2:443\n"

static void test_order(void **state)
{
	(void)state;
	collect(TOP_FLOW, TOP_BY_BYTES, false, NULL);
	assert_memory_equal(top_row(&top, 0).bytes, ((uint64_t[]){100, 500}), 16);
	collect(TOP_FLOW, TOP_BY_BYTES, true, NULL);
	assert_int_equal(top_row(&top, 2).bytes[1], 500);
	collect(TOP_FLOW, TOP_BY_PACKETS, false, NULL);
	assert_int_equal(top_row(&top, 0).packets[1], 1);
	collect(TOP_FLOW, TOP_BY_STATE, false, NULL); /* UDP, open, open: capital letters first */
	assert_int_equal(top_row(&top, 0).flow->id.protocol, 17);
	/* What has not moved in the last period is sorted by all its bytes, and then always in the same way. */
	flow_table_next_period(table);
	flow_table_next_period(table);
	add(443, 2, 6, 1, false);
	flow_table_next_period(table);
	collect(TOP_FLOW, TOP_BY_RATE, false, "");
	expect(HTTPS WEB DNS);
	assert_int_equal(top_row(&top, 0).recent, 1);
}

static void test_rows_of_one_size_keep_their_order(void **state)
{
	(void)state;
	collect(TOP_FLOW, TOP_BY_RTT, false, NULL);
	expect(DNS HTTPS WEB);
	add(53, 2, 17, 1, false); /* is the last one in the table now */
	collect(TOP_FLOW, TOP_BY_RTT, false, NULL);
	expect(DNS HTTPS WEB);
}

static void test_sums(void **state)
{
	(void)state;
	collect(TOP_HOST, TOP_BY_BYTES, false, NULL);
	expect("10.9.0.1\n10.9.0.2\n10.9.0.3\n");
	assert_memory_equal(top_row(&top, 0).bytes, ((uint64_t[]){700, 500}), 16);
	assert_int_equal(top_row(&top, 1).flows, 2);
	collect(TOP_HOST, TOP_BY_SENT, false, NULL);
	expect("10.9.0.1\n10.9.0.3\n10.9.0.2\n");
	collect(TOP_PORT, TOP_BY_BYTES, false, NULL);
	expect("TCP 80\nTCP 443\nUDP 53\n");
}

static void test_words(void **state)
{
	(void)state;
	collect(TOP_FLOW, TOP_BY_RTT, false, "tcp  0.2");
	expect(HTTPS);
	assert_int_equal(top.total, 3);
	collect(TOP_FLOW, TOP_BY_RTT, false, "OPEN ");
	expect(HTTPS WEB);
	collect(TOP_FLOW, TOP_BY_RTT, false, "tcp udp");
	expect("");
	collect(TOP_PORT, TOP_BY_RATE, false, "udp");
	expect("UDP 53\n");
}

/* The end of a flow with its process, on both sides of a pause. */
static void own(struct flow_record *record)
{
	const struct packet_owner found = {
		.source = {.how = OWNER_EXACT, .pid = 7, .has_details = true, .command = "cu\033rl"},
	};

	flow_owner_take(&record->owner, &found, false);
}

static void test_processes(void **state)
{
	(void)state;
	collect(TOP_FLOW, TOP_BY_RTT, false, "443");
	own((struct flow_record *)top_row(&top, 0).flow);
	expect("TCP 10.9.0.1:40000 (cu?rl[7]) > 10.9.0.2:443\n");
	collect(TOP_PROCESS, TOP_BY_BYTES, false, NULL);
	expect("not known\ncu?rl[7]\n");
	assert_memory_equal(top_row(&top, 0).bytes, ((uint64_t[]){400, 500}), 16);
	assert_memory_equal(top_row(&top, 1).bytes, ((uint64_t[]){300, 0}), 16);
}

static void test_a_pause_keeps_what_the_table_forgets(void **state)
{
	(void)state;
	collect(TOP_FLOW, TOP_BY_RTT, false, "443");
	own((struct flow_record *)top_row(&top, 0).flow);
	assert_int_equal(top_freeze(&top, table), 0);
	flow_table_pass(table, 10 * SECOND);
	add(22, 9, 6, 100, false);
	collect(TOP_FLOW, TOP_BY_RTT, false, NULL);
	assert_int_equal(top.shown, 3);
	collect(TOP_PROCESS, TOP_BY_BYTES, false, "curl");
	expect("");
	collect(TOP_PROCESS, TOP_BY_BYTES, false, "cu?rl");
	expect("cu?rl[7]\n");
	top_thaw(&top);
	collect(TOP_FLOW, TOP_BY_RTT, false, NULL);
	expect("TCP 10.9.0.1:40000 > 10.9.0.9:22\n");
}

/* A server is known by its port first, and by its process when that has accepted. */
static void test_what_is_known_better_is_kept(void **state)
{
	struct packet_owner found = {.destination = {.how = OWNER_BOUND, .pid = 1}};
	struct flow_owner *owner = NULL;

	(void)state;
	assert_false(flow_owner_is_settled(owner));
	flow_owner_take(&owner, &found, true);
	assert_int_equal(owner->ends[0].pid, 1);
	found.destination = (struct end_owner){.how = OWNER_EXACT, .pid = 2, .cgroup = "/system.slice"};
	found.source = (struct end_owner){.how = OWNER_UNKNOWN, .why = "not here"};
	flow_owner_take(&owner, &found, true);
	assert_int_equal(owner->ends[0].pid, 2);
	assert_string_equal(owner->ends[0].cgroup, "/system.slice");
	assert_string_equal(owner->ends[1].why, "not here");
	found.destination = (struct end_owner){.how = OWNER_UNKNOWN};
	flow_owner_take(&owner, &found, true);
	assert_int_equal(owner->ends[0].pid, 2);
	assert_false(flow_owner_is_settled(owner));
	for (int i = 0; i < 5; i++)
		flow_owner_take(&owner, &found, true);
	assert_true(flow_owner_is_settled(owner)); /* the other end is elsewhere */
	flow_owner_release(owner);
	flow_owner_release(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_rows_of_one_size_keep_their_order),
		TEST(test_sums),
		TEST(test_words),
		TEST(test_processes),
		TEST(test_a_pause_keeps_what_the_table_forgets),
		TEST(test_what_is_known_better_is_kept),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
