/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/tcp_annotator.h"
#include "tcp_connection.h"

/* What is said of packets, and of all of them in the end. */

enum {
	ALL_FIELDS = 0x1ff,
};

static const int64_t MS = 1000000; /* in ns */

static const uint8_t client[4] = {10, 9, 0, 1}, server[4] = {10, 9, 0, 2};
static const uint8_t client6[16] = {0xfd, 9, [15] = 1}, server6[16] = {0xfd, 9, [15] = 2};

/* mss, nop, wscale 7 */
static const uint8_t options[] = {2, 4, 5, 180, 1, 3, 3, 7};

static struct packet segment(const struct frame *frame, bool from_client, uint16_t flags, uint32_t seq, uint32_t ack)
{
	return (struct packet){
		.frame = frame,
		.ip = {.version = 4,
		       .source = from_client ? client : server,
		       .destination = from_client ? server : client},
		.tcp =
			{
				.present = true,
				.fields = ALL_FIELDS,
				.source_port = from_client ? 40000 : 80,
				.destination_port = from_client ? 80 : 40000,
				.seq = seq,
				.ack = ack,
				.header_length = 20,
				.flags = flags,
				.window = 1000,
			},
		.payload = {.is_known = true},
	};
}

static const struct tcp_analysis *annotate(struct tcp_annotator *annotator, struct packet *packet)
{
	annotator->annotator.annotate(&annotator->annotator, packet);
	return packet->analysis;
}

static void assert_summary(const struct tcp_annotator *annotator, const char *wanted)
{
	char text[TCP_SUMMARY_TEXT_MAX];
	struct tcp_summary summary;

	tcp_annotator_sum_up(annotator, &summary);
	assert_int_equal(tcp_summary_text(&summary, text), strlen(wanted));
	assert_memory_equal(text, wanted, strlen(wanted));
}

/* Numbers, shifts and times of a handshake, and of data behind it. */
static void a_connection(void **state)
{
	struct frame frame = {.time_ns = 1000 * MS, .has_time = true};
	const struct tcp_analysis *said;
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_SYN, 4000000000, 0);
	packet.tcp.options = options;
	packet.tcp.options_length = sizeof(options);
	packet.tcp.header_length += sizeof(options);
	said = annotate(&annotator, &packet);
	assert_int_equal(said->relative_seq, 0);
	assert_false(said->has_relative_ack);
	assert_int_equal(said->window_shift, 0);
	frame.time_ns += 3 * MS;
	packet = segment(&frame, false, TCP_SYN | TCP_ACK, 7, 4000000001);
	packet.tcp.options = options;
	packet.tcp.options_length = sizeof(options);
	packet.tcp.header_length += sizeof(options);
	said = annotate(&annotator, &packet);
	assert_true(said->has_relative_ack);
	assert_int_equal(said->relative_ack, 1);
	assert_int_equal(said->rtt_ns, 3 * MS);
	frame.time_ns += 4 * MS;
	packet = segment(&frame, true, TCP_ACK, 4000000001, 8);
	said = annotate(&annotator, &packet);
	assert_int_equal(said->window_shift, 7);
	assert_int_equal(said->rtt_ns, 4 * MS);
	assert_int_equal(said->handshake_ns, 7 * MS);
	packet = segment(&frame, true, TCP_ACK, 4000000001, 8);
	packet.payload.length = 300000000; /* the numbers wrap */
	said = annotate(&annotator, &packet);
	assert_int_equal(said->relative_seq, 1);
	assert_int_equal(said->events, 0);
	frame.time_ns += 5 * MS;
	packet = segment(&frame, false, TCP_ACK, 8, 5032705);
	said = annotate(&annotator, &packet);
	assert_int_equal(said->relative_ack, 300000001);
	assert_int_equal(said->rtt_ns, 5 * MS);
	tcp_annotator_release(&annotator);
}

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

/* IPv4, and IPv6 between the addresses that the IPv4 ones are mapped to, with the same ports and numbers. */
static void mapped_addresses(void **state)
{
	static const uint8_t client46[16] = {[10] = 0xff, [11] = 0xff, [12] = 10, [13] = 9, [15] = 1};
	static const uint8_t server46[16] = {[10] = 0xff, [11] = 0xff, [12] = 10, [13] = 9, [15] = 2};
	static const char wanted[] = "tcp: duplicate-ack 2\n"
				     "worst: 10.9.0.1:40000 - 10.9.0.2:80  1 segment\n"
				     "       [::ffff:10.9.0.1]:40000 - [::ffff:10.9.0.2]:80  1 segment\n";
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct tcp_annotator annotator;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	for (uint32_t i = 0; i < 2; i++) {
		struct packet packet = segment(&frame, true, TCP_ACK, 100, 500);

		assert_int_equal(annotate(&annotator, &packet)->duplicate_number, i);
		packet.ip = (struct ip_header){.version = 6, .source = client46, .destination = server46};
		assert_int_equal(annotate(&annotator, &packet)->duplicate_number, i);
	}
	assert_summary(&annotator, wanted);
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

/* Connections with 1 to 99 events each, in a table of eight. */
static void the_worst_connections(void **state)
{
	static const char wanted[] = "tcp: duplicate-ack 4950\n"
				     "worst: 10.9.0.1:1099 - 10.9.0.2:80  99 segments\n"
				     "       10.9.0.1:1098 - 10.9.0.2:80  98 segments\n"
				     "       10.9.0.1:1097 - 10.9.0.2:80  97 segments\n"
				     "       10.9.0.1:1096 - 10.9.0.2:80  96 segments\n"
				     "       10.9.0.1:1095 - 10.9.0.2:80  95 segments\n";
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct tcp_annotator annotator;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	for (uint16_t n = 99; n > 0; n--) {
		for (uint16_t i = 0; i <= n; i++) {
			struct packet packet = segment(&frame, true, TCP_ACK, 100, 500);

			packet.tcp.source_port = 1000 + n;
			assert_int_equal(annotate(&annotator, &packet)->duplicate_number, i);
		}
	}
	assert_summary(&annotator, wanted);
	assert_int_equal(annotator.forgotten, 91);
	tcp_annotator_release(&annotator);
}

/* One that others displace, and that comes back: its segments are added up. What was found at them was found elsewhere,
 * so that nothing has been forgotten of it. */
static void a_connection_that_comes_back(void **state)
{
	static const char wanted[] = "tcp: retransmission 12\n"
				     "worst: 10.9.0.1:40000 - 10.9.0.2:80  12 segments\n";
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct packet packet = segment(&frame, true, TCP_ACK, 100, 500);
	struct tcp_annotator annotator;
	struct tcp_segment found;
	struct flow_id id;
	bool high;

	(void)state;
	assert_true(tcp_segment_of(&packet, &id, &found, &high));
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	for (uint16_t round = 0; round < 3; round++) {
		for (int i = 0; i < 4; i++)
			tcp_annotator_count(&annotator, &id, TCP_EVENT_RETRANSMISSION);
		for (uint16_t n = 0; n < 20; n++) {
			packet.tcp.source_port = (uint16_t)(1000 + 20 * round + n);
			assert_int_equal(annotate(&annotator, &packet)->events, 0);
		}
	}
	assert_summary(&annotator, wanted);
	assert_int_equal(annotator.forgotten, 60 - 8);
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

		interface.id = rows[i].interface;
		packet.payload.length = rows[i].length;
		if (annotate(&annotator, &packet)->events != rows[i].events)
			fail_msg("segment %zu: %#x in place of %#x", i, packet.analysis->events, rows[i].events);
	}
	tcp_annotator_release(&annotator);
}

/* The handshake goes over three interfaces; the number that the server has chosen lies beyond half of all. */
static void a_handshake_on_three_interfaces(void **state)
{
	struct interface interface = {0};
	struct frame frame = {.time_ns = MS, .has_time = true, .interface = &interface};
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_SYN, 100, 0);
	assert_int_equal(annotate(&annotator, &packet)->rtt_ns, 0);
	interface.id = 1;
	frame.time_ns += MS;
	packet = segment(&frame, false, TCP_SYN | TCP_ACK, 3000000000, 101);
	assert_int_equal(annotate(&annotator, &packet)->rtt_ns, MS);
	interface.id = 2;
	frame.time_ns += MS;
	packet = segment(&frame, true, TCP_ACK, 101, 3000000001);
	assert_int_equal(annotate(&annotator, &packet)->rtt_ns, MS);
	assert_int_equal(packet.analysis->handshake_ns, 2 * MS);
	tcp_annotator_release(&annotator);
}

/* A clock that goes backwards during the handshake tells no time. */
static void a_clock_that_goes_backwards(void **state)
{
	struct frame frame = {.time_ns = 10 * MS, .has_time = true};
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_SYN, 100, 0);
	annotate(&annotator, &packet);
	packet = segment(&frame, false, TCP_SYN | TCP_ACK, 500, 101);
	annotate(&annotator, &packet);
	frame.time_ns = 6 * MS;
	packet = segment(&frame, true, TCP_ACK, 101, 501);
	assert_int_equal(annotate(&annotator, &packet)->handshake_ns, 0);
	assert_int_equal(packet.analysis->rtt_ns, 0);
	tcp_annotator_release(&annotator);
}

/* TCP Fast Open (RFC 7413): the server sends before the handshake has ended. */
static void a_server_that_sends_first(void **state)
{
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_SYN, 100, 0);
	packet.payload.length = 5;
	annotate(&annotator, &packet);
	packet = segment(&frame, false, TCP_SYN | TCP_ACK, 500, 106);
	annotate(&annotator, &packet);
	frame.time_ns += MS;
	packet = segment(&frame, false, TCP_ACK, 501, 106);
	packet.payload.length = 100;
	assert_int_equal(annotate(&annotator, &packet)->handshake_ns, 0);
	frame.time_ns += MS;
	packet = segment(&frame, true, TCP_ACK, 106, 501);
	assert_int_equal(annotate(&annotator, &packet)->handshake_ns, 2 * MS);
	packet = segment(&frame, true, TCP_ACK, 106, 601);
	assert_int_equal(annotate(&annotator, &packet)->handshake_ns, 0);
	tcp_annotator_release(&annotator);
}

/* Of two window scales, the last counts. */
static void two_window_scales(void **state)
{
	static const uint8_t twice[] = {1, 3, 3, 2, 1, 3, 3, 9};
	struct frame frame = {.time_ns = MS, .has_time = true};
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_SYN, 100, 0);
	packet.tcp.options = twice;
	packet.tcp.options_length = sizeof(twice);
	packet.tcp.header_length += sizeof(twice);
	annotate(&annotator, &packet);
	packet = segment(&frame, false, TCP_SYN | TCP_ACK, 500, 101);
	packet.tcp.options = options;
	packet.tcp.options_length = sizeof(options);
	packet.tcp.header_length += sizeof(options);
	annotate(&annotator, &packet);
	packet = segment(&frame, true, TCP_ACK, 101, 501);
	assert_int_equal(annotate(&annotator, &packet)->window_shift, 9);
	tcp_annotator_release(&annotator);
}

/* The options of a SYN,ACK: `captured` bytes of as many as the header says, and the shift of the client's windows then;
 * the SYN has one of 9 bits. */
static void options_that_are_cut(void **state)
{
	static const uint8_t cut[40] = {2, 4, 5, 180, 4, 2, 8, 10, [16] = 1, 3, 3, 7},
			     nops[40] = {[0 ... 36] = 1, 3, 3, 7}, ended[40] = {1, 0}, syn[] = {1, 3, 3, 9};
	static const struct {
		const uint8_t *options;
		uint32_t captured, length;
		int8_t shift;
	} rows[] = {
		{cut, 20, 20, 9},  {cut, 19, 20, -1}, {cut, 14, 20, -1},  {cut, 1, 20, -1},
		{cut, 0, 20, -1},  {nops, 40, 40, 9}, {nops, 39, 40, -1}, {nops, 5, 40, -1},
		{nops, 36, 36, 0}, {ended, 2, 40, 0}, {ended, 1, 40, -1}, {cut, 0, 0, 0},
	};
	struct frame frame = {.time_ns = MS, .has_time = true};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct tcp_annotator annotator;
		struct packet packet;

		assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
		packet = segment(&frame, true, TCP_SYN, 100, 0);
		packet.tcp.options = syn;
		packet.tcp.options_length = sizeof(syn);
		packet.tcp.header_length += sizeof(syn);
		annotate(&annotator, &packet);
		packet = segment(&frame, false, TCP_SYN | TCP_ACK, 500, 101);
		packet.tcp.options = rows[i].options;
		packet.tcp.options_length = rows[i].captured;
		packet.tcp.header_length += rows[i].length;
		annotate(&annotator, &packet);
		packet = segment(&frame, true, TCP_ACK, 101, 501);
		if (annotate(&annotator, &packet)->window_shift != rows[i].shift)
			fail_msg("row %zu: a shift of %d in place of %d", i, packet.analysis->window_shift,
				 rows[i].shift);
		tcp_annotator_release(&annotator);
	}
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
		.runs = {{5000, 9000, TCP_EVENT_DUPLICATE_ACK, 0},
			 {2000, 2000, TCP_EVENT_RETRANSMISSION, 0},
			 {1000, 1001, TCP_EVENT_LOST_SEGMENT, 0}},
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

static void nothing_to_tell(void **state)
{
	const struct tcp_summary summary = {0};
	char text[TCP_SUMMARY_TEXT_MAX];

	(void)state;
	assert_int_equal(tcp_summary_text(&summary, text), 0);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection),
		cmocka_unit_test(another_connection),
		cmocka_unit_test(mapped_addresses),
		cmocka_unit_test(what_is_not_judged),
		cmocka_unit_test(the_worst_connections),
		cmocka_unit_test(a_connection_that_comes_back),
		cmocka_unit_test(an_annotator_that_restarts),
		cmocka_unit_test(a_clock_that_goes_backwards),
		cmocka_unit_test(a_server_that_sends_first),
		cmocka_unit_test(two_window_scales),
		cmocka_unit_test(options_that_are_cut),
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test(little_room),
		cmocka_unit_test(copies_on_other_interfaces),
		cmocka_unit_test(a_handshake_on_three_interfaces),
		cmocka_unit_test(the_run_of_a_copy),
		cmocka_unit_test(nothing_to_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
