/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotated.h"
#include "flow/tcp_annotator.h"
#include "tcp_connection.h"

/* What is said of single packets. */

static const uint8_t client6[16] = {0xfd, 9, [15] = 1}, server6[16] = {0xfd, 9, [15] = 2};

/* IPv6 has connections of its own, and no SYN was seen of this one. */
static void another_connection(void **state)
{
	struct frame frame = {.time_ns = MS, .has_time = true};
	const struct tcp_analysis *said;
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_ACK, 100, 500);
	said = annotate(&annotator, &packet);
	assert_int_equal(said->relative_seq, 1);
	assert_int_equal(said->relative_ack, 1);
	assert_int_equal(said->window_shift, -1);
	packet = segment(&frame, false, TCP_ACK, 9000, 3);
	packet.ip = (struct ip_header){.version = 6, .source = server6, .destination = client6};
	said = annotate(&annotator, &packet);
	assert_int_equal(said->relative_seq, 1);
	assert_int_equal(said->events, 0);
	tcp_annotator_release(&annotator);
}

static void what_is_not_judged(void **state)
{
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct tcp_annotator annotator;
	struct tcp_summary summary;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_ACK, 100, 500);
	packet.tcp.present = false;
	assert_null(annotate(&annotator, &packet));
	packet = segment(&frame, true, TCP_ACK, 100, 500);
	packet.tcp.fields &= (uint16_t)~TCP_FIELD_URGENT;
	assert_null(annotate(&annotator, &packet));
	packet = segment(&frame, true, TCP_ACK, 100, 500);
	packet.tcp.header_length = 16;
	assert_null(annotate(&annotator, &packet));
	packet = segment(&frame, true, TCP_ACK, 100, 500);
	packet.payload.is_known = false;
	assert_null(annotate(&annotator, &packet));
	packet = segment(&frame, true, TCP_ACK, 100, 500);
	packet.ip.is_fragment = true;
	assert_null(annotate(&annotator, &packet));
	packet = segment(&frame, true, TCP_ACK, 100, 500);
	packet.ip.destination = NULL;
	assert_null(annotate(&annotator, &packet));
	tcp_annotator_sum_up(&annotator, &summary);
	assert_int_equal(summary.worst[0].suffered, 0);
	tcp_annotator_release(&annotator);
}

/* After segments that were not seen, the next one is a first one; what was found before still counts. */
static void an_annotator_that_restarts(void **state)
{
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct tcp_annotator annotator;
	struct tcp_summary summary;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	for (uint32_t seq = 100; seq <= 300; seq += 100) {
		packet = segment(&frame, true, TCP_ACK, seq, 500);
		packet.payload.length = 10;
		assert_int_equal(annotate(&annotator, &packet)->events, seq == 200 ? TCP_EVENT_LOST_SEGMENT : 0);
		if (seq == 200)
			tcp_annotator_restart(&annotator);
	}
	assert_int_equal(packet.analysis->relative_seq, 201);
	tcp_annotator_sum_up(&annotator, &summary);
	assert_int_equal(summary.worst[0].suffered, 1);
	tcp_annotator_release(&annotator);
}

/* Each segment passes the ports of a bridge, 0 and 1 or 1 and 0; then its way changes to port 2. */
static void copies_on_other_interfaces(void **state)
{
	static const struct {
		uint32_t interface;
		bool from_client;
		uint16_t flags;
		uint32_t seq, ack;
		uint32_t length, events;
	} rows[] = {
		{0, true, TCP_SYN, 100, 0, 0, 0},
		{1, true, TCP_SYN, 100, 0, 0, 0},
		{1, false, TCP_SYN | TCP_ACK, 500, 101, 0, 0},
		{0, false, TCP_SYN | TCP_ACK, 500, 101, 0, 0},
		{0, true, TCP_ACK, 101, 501, 0, 0},
		{1, true, TCP_ACK, 101, 501, 0, 0},
		/* Two segments at once, and the first of them is sent again */
		{0, true, TCP_ACK, 101, 501, 10, 0},
		{0, true, TCP_ACK, 111, 501, 10, 0},
		{1, true, TCP_ACK, 101, 501, 10, 0},
		{1, true, TCP_ACK, 111, 501, 10, 0},
		{0, true, TCP_ACK, 101, 501, 10, TCP_EVENT_OUT_OF_ORDER},
		{1, true, TCP_ACK, 101, 501, 10, 0},
		/* An ACK and its duplicate */
		{1, false, TCP_ACK, 501, 121, 0, 0},
		{0, false, TCP_ACK, 501, 121, 0, 0},
		{1, false, TCP_ACK, 501, 121, 0, TCP_EVENT_DUPLICATE_ACK},
		{0, false, TCP_ACK, 501, 121, 0, 0},
		/* Another way is taken, at first with what is new, then with what is not */
		{2, true, TCP_ACK, 121, 501, 10, 0},
		{2, true, TCP_ACK, 121, 501, 10, TCP_EVENT_RETRANSMISSION},
		{2, false, TCP_ACK, 501, 131, 0, 0},
		{2, false, TCP_ACK, 501, 131, 0, TCP_EVENT_DUPLICATE_ACK},
		/* The ports are used again, on another way */
		{0, true, TCP_SYN, 90, 0, 0, TCP_EVENT_REUSED_PORTS},
		{2, true, TCP_SYN, 90, 0, 0, 0},
	};
	struct interface interface = {0};
	struct frame frame = {.time_ns = MS, .has_time = true, .interface = &interface};
	struct tcp_annotator annotator;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct packet packet = segment(&frame, rows[i].from_client, rows[i].flags, rows[i].seq, rows[i].ack);

		interface.place = rows[i].interface;
		packet.payload.length = rows[i].length;
		if (annotate(&annotator, &packet)->events != rows[i].events)
			fail_msg("segment %zu: %#x in place of %#x", i, packet.analysis->events, rows[i].events);
	}
	tcp_annotator_release(&annotator);
}

/* What comes on another interface is a copy if it comes soon, unless it is a reset. */
static void copies_come_soon(void **state)
{
	static const struct {
		uint32_t interface, later_ms;
		uint16_t flags;
		uint32_t length, events;
	} rows[] = {
		{0, 0, TCP_ACK, 10, 0},
		{1, 100, TCP_ACK, 10, 0},
		{1, 1, TCP_ACK, 10, TCP_EVENT_RETRANSMISSION},
		{0, 1, TCP_ACK, 10, 0},
		{0, 1, TCP_ACK | TCP_RST, 0, TCP_EVENT_RESET},
	};
	struct interface interface = {0};
	struct frame frame = {.time_ns = 1000 * MS, .has_time = true, .interface = &interface};
	struct tcp_annotator annotator;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct packet packet = segment(&frame, true, rows[i].flags, 100, 500);

		interface.place = rows[i].interface;
		frame.time_ns += rows[i].later_ms * MS;
		packet.payload.length = rows[i].length;
		if (annotate(&annotator, &packet)->events != rows[i].events)
			fail_msg("segment %zu: %#x in place of %#x", i, packet.analysis->events, rows[i].events);
	}
	tcp_annotator_release(&annotator);
}

/* Where only one direction passes, few of its segments wait for an ACK. */
static void nobody_answers(void **state)
{
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct tcp_annotator annotator;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	for (uint32_t i = 0; i < 100; i++) {
		struct packet packet = segment(&frame, true, TCP_ACK, 100 + 10 * i, 500);

		packet.payload.length = 10;
		annotate(&annotator, &packet);
	}
	assert_int_equal(tcp_table_pool(annotator.table)->used, 16);
	tcp_annotator_release(&annotator);
}

/* The places of eight connections are taken by two that nobody answers; another one is answered. */
static void little_room(void **state)
{
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	for (uint32_t i = 0; i < 32; i++) {
		packet = segment(&frame, true, TCP_ACK, 100 + 10 * i, 500);
		packet.tcp.source_port = 1000 + i % 2;
		packet.payload.length = 10;
		annotate(&annotator, &packet);
	}
	assert_true(unacked_is_full(tcp_table_pool(annotator.table)));
	for (uint32_t i = 0; i < 20; i++) {
		packet = segment(&frame, true, TCP_ACK, 100 + 10 * i, 500);
		packet.payload.length = 10;
		annotate(&annotator, &packet);
		frame.time_ns += MS;
		packet = segment(&frame, false, TCP_ACK, 500, 110 + 10 * i);
		assert_int_equal(annotate(&annotator, &packet)->rtt_ns, MS);
	}
	tcp_annotator_release(&annotator);
}

/* A segment that was sent again and again: what was found of it at a time, or nearest to that. */
static void the_run_of_a_copy(void **state)
{
	static const struct tcp_told told = {
		.runs = {{.from = 5000, .until = 9000, .events = TCP_EVENT_DUPLICATE_ACK},
			 {.from = 2000, .until = 2000, .events = TCP_EVENT_RETRANSMISSION},
			 {.from = 1000, .until = 1001, .events = TCP_EVENT_LOST_SEGMENT}},
	};
	static const struct {
		uint64_t time;
		int run;
	} rows[] = {{0, 2},    {999, 2},  {1001, 2}, {1100, 2},      {1999, 1},
		    {2100, 1}, {4990, 0}, {7000, 0}, {UINT64_MAX, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_ptr_equal(tcp_told_run_at(&told, rows[i].time), &told.runs[rows[i].run]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_connection),
		cmocka_unit_test(what_is_not_judged),
		cmocka_unit_test(an_annotator_that_restarts),
		cmocka_unit_test(copies_on_other_interfaces),
		cmocka_unit_test(copies_come_soon),
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test(little_room),
		cmocka_unit_test(the_run_of_a_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
