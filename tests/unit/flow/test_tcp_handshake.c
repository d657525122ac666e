/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotated.h"
#include "flow/tcp_annotator.h"
#include "tcp_connection.h"

/* What a handshake tells: numbers, windows and times. */

/* mss, nop, wscale 7 */
static const uint8_t options[] = {2, 4, 5, 180, 1, 3, 3, 7};

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

/* An ACK of what was not sent does not end it. */
static void an_ack_of_something_else(void **state)
{
	struct frame frame = {.time_ns = 1000 * MS, .has_time = true};
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_SYN, 100, 0);
	annotate(&annotator, &packet);
	packet = segment(&frame, false, TCP_SYN | TCP_ACK, 9000, 101);
	annotate(&annotator, &packet);
	frame.time_ns += 2 * MS;
	packet = segment(&frame, true, TCP_ACK, 101, 5000);
	assert_int_equal(annotate(&annotator, &packet)->handshake_ns, 0);
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
	interface.place = 1;
	frame.time_ns += MS;
	packet = segment(&frame, false, TCP_SYN | TCP_ACK, 3000000000, 101);
	assert_int_equal(annotate(&annotator, &packet)->rtt_ns, MS);
	interface.place = 2;
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

/* A clock that passes 1970 tells the same times as any other. */
static void a_handshake_around_1970(void **state)
{
	struct frame frame = {.time_ns = -3 * MS, .has_time = true};
	struct tcp_annotator annotator;
	struct packet packet;

	(void)state;
	assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
	packet = segment(&frame, true, TCP_SYN, 100, 0);
	annotate(&annotator, &packet);
	frame.time_ns = 0;
	packet = segment(&frame, false, TCP_SYN | TCP_ACK, 500, 101);
	assert_int_equal(annotate(&annotator, &packet)->rtt_ns, 3 * MS);
	frame.time_ns = 2 * MS;
	packet = segment(&frame, true, TCP_ACK, 101, 501);
	assert_int_equal(annotate(&annotator, &packet)->rtt_ns, 2 * MS);
	assert_int_equal(packet.analysis->handshake_ns, 5 * MS);
	tcp_annotator_release(&annotator);
}

/* One of the three has no time: what ends or begins there is not known. */
static void a_handshake_with_an_unknown_time(void **state)
{
	static const struct {
		uint64_t rtt, handshake; /* as the last segment tells it, in ms */
	} rows[] = {{1, 0}, {0, 2}, {0, 0}};

	(void)state;
	for (int unknown = 0; unknown < 3; unknown++) {
		struct frame frame = {.time_ns = MS, .has_time = unknown != 0};
		struct tcp_annotator annotator;
		struct packet packet;

		assert_int_equal(tcp_annotator_init(&annotator, 8), 0);
		packet = segment(&frame, true, TCP_SYN, 100, 0);
		annotate(&annotator, &packet);
		frame = (struct frame){.time_ns = 2 * MS, .has_time = unknown != 1};
		packet = segment(&frame, false, TCP_SYN | TCP_ACK, 500, 101);
		assert_int_equal(annotate(&annotator, &packet)->rtt_ns, unknown == 2 ? MS : 0);
		frame = (struct frame){.time_ns = 3 * MS, .has_time = unknown != 2};
		packet = segment(&frame, true, TCP_ACK, 101, 501);
		assert_int_equal(annotate(&annotator, &packet)->rtt_ns, rows[unknown].rtt * (uint64_t)MS);
		assert_int_equal(packet.analysis->handshake_ns, rows[unknown].handshake * (uint64_t)MS);
		tcp_annotator_release(&annotator);
	}
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection),
		cmocka_unit_test(an_ack_of_something_else),
		cmocka_unit_test(a_handshake_on_three_interfaces),
		cmocka_unit_test(a_clock_that_goes_backwards),
		cmocka_unit_test(a_handshake_around_1970),
		cmocka_unit_test(a_handshake_with_an_unknown_time),
		cmocka_unit_test(a_server_that_sends_first),
		cmocka_unit_test(two_window_scales),
		cmocka_unit_test(options_that_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
