/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tcp_judge.h"

/* Conversations, segment by segment, with the words that tshark 4.0 has for each. */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	CLIENT,
	SERVER,
	PSH = 8,
	ACK = TCP_ACK,
	SYN = TCP_SYN,
	FIN = TCP_FIN,
	RST = TCP_RST,
	SYN_ACK = TCP_SYN | TCP_ACK,
	NONE = 0,
	RETRANSMISSION = TCP_EVENT_RETRANSMISSION,
	FAST = TCP_EVENT_RETRANSMISSION | TCP_EVENT_FAST_RETRANSMISSION,
	SPURIOUS = TCP_EVENT_RETRANSMISSION | TCP_EVENT_SPURIOUS_RETRANSMISSION,
	OUT_OF_ORDER = TCP_EVENT_OUT_OF_ORDER,
	LOST = TCP_EVENT_LOST_SEGMENT,
	ACK_LOST = TCP_EVENT_ACK_LOST_SEGMENT,
	DUPLICATE = TCP_EVENT_DUPLICATE_ACK,
	ZERO = TCP_EVENT_ZERO_WINDOW,
	PROBE = TCP_EVENT_ZERO_WINDOW_PROBE,
	PROBE_ACK = TCP_EVENT_ZERO_WINDOW_PROBE_ACK,
	FULL = TCP_EVENT_WINDOW_FULL,
	UPDATE = TCP_EVENT_WINDOW_UPDATE,
	ALIVE = TCP_EVENT_KEEP_ALIVE,
	ALIVE_ACK = TCP_EVENT_KEEP_ALIVE_ACK,
	REUSED = TCP_EVENT_REUSED_PORTS,
	RESET = TCP_EVENT_RESET,
};

struct row {
	uint32_t us;
	uint8_t from, flags;
	uint32_t seq, ack, length;
	uint16_t window;
	uint8_t scale; /* 0: no option */
	uint32_t events;
	uint32_t number; /* of a duplicate ACK */
};

static struct tcp_finding judge(struct tcp_connection *connection, const struct row *row)
{
	struct tcp_segment segment = {
		.time = 1000000000 + row->us * 1000ull,
		.seq = row->seq,
		.ack = row->ack,
		.length = row->length,
		.window = row->window,
		.flags = row->flags,
		.scale = row->scale ? (uint8_t)(SCALE_SHIFT + row->scale) : SCALE_NONE,
	};
	struct tcp_finding finding;

	tcp_judge(connection, &connection->sides[row->from], &connection->sides[!row->from], &segment, &finding);
	return finding;
}

static void play_on(struct tcp_connection *connection, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct tcp_finding finding = judge(connection, &rows[i]);

		if (finding.events != rows[i].events || finding.duplicate_number != rows[i].number)
			fail_msg("segment %zu: events 0x%x #%u, wanted 0x%x #%u", i, finding.events,
				 finding.duplicate_number, rows[i].events, rows[i].number);
	}
}

static void play(const struct row *rows, size_t count)
{
	struct tcp_connection connection = {0};

	play_on(&connection, rows, count);
}

/* SYN, SYN,ACK and ACK with a round trip of 40 ms; the next numbers are 101 and 501. */
static const struct row handshake[] = {
	{0, CLIENT, SYN, 100, 0, 0, 1000, 2, NONE, 0},
	{30000, SERVER, SYN_ACK, 500, 101, 0, 2000, 3, NONE, 0},
	{40000, CLIENT, ACK, 101, 501, 0, 300, 0, NONE, 0},
};

static void play_behind_handshake(const struct row *rows, size_t count)
{
	struct tcp_connection connection = {0};

	play_on(&connection, handshake, COUNT(handshake));
	play_on(&connection, rows, count);
}

static void the_time_of_a_handshake(void **state)
{
	struct tcp_connection connection = {0};

	(void)state;
	assert_int_equal(judge(&connection, &handshake[0]).handshake, 0);
	assert_int_equal(judge(&connection, &handshake[1]).handshake, 0);
	assert_int_equal(judge(&connection, &handshake[2]).handshake, 40000000);
	assert_int_equal(judge(&connection, &handshake[2]).handshake, 0);
	/* A SYN that comes late is no other handshake. */
	assert_int_equal(judge(&connection, &handshake[0]).handshake, 0);
	assert_int_equal(judge(&connection, &handshake[2]).handshake, 0);
}

/* A refusal is no handshake, and neither is an ACK whose SYN,ACK was not seen. */
static void no_handshake(void **state)
{
	static const struct row refusal = {10, SERVER, RST | ACK, 0, 101, 0, 0, 0, RESET, 0};
	struct tcp_connection connection = {0};

	(void)state;
	judge(&connection, &handshake[0]);
	assert_int_equal(judge(&connection, &refusal).handshake, 0);
	connection = (struct tcp_connection){0};
	judge(&connection, &handshake[0]);
	assert_int_equal(judge(&connection, &handshake[2]).handshake, 0);
}

static void segments_in_order(void **state)
{
	static const struct row rows[] = {
		{50000, CLIENT, PSH | ACK, 101, 501, 10, 300, 0, NONE, 0},
		{60000, SERVER, ACK, 501, 111, 0, 250, 0, NONE, 0},
		{61000, SERVER, ACK, 501, 111, 1400, 250, 0, NONE, 0},
		{62000, SERVER, ACK, 1901, 111, 65160, 250, 0, NONE, 0}, /* a superpacket */
		{70000, CLIENT, ACK, 111, 67061, 0, 300, 0, NONE, 0},
		{80000, CLIENT, FIN | ACK, 111, 67061, 0, 300, 0, NONE, 0},
		{90000, SERVER, FIN | ACK, 67061, 112, 0, 250, 0, NONE, 0},
		{90001, CLIENT, ACK, 112, 67062, 0, 300, 0, NONE, 0},
	};

	(void)state;
	play_behind_handshake(rows, COUNT(rows));
}

static void a_fast_retransmission(void **state)
{
	static const struct row rows[] = {
		{100000, SERVER, ACK, 501, 101, 100, 250, 0, NONE, 0},
		{101000, SERVER, ACK, 701, 101, 100, 250, 0, LOST, 0},
		{102000, CLIENT, ACK, 101, 601, 0, 300, 0, NONE, 0},
		{103000, CLIENT, ACK, 101, 601, 0, 300, 0, DUPLICATE, 1},
		{104000, CLIENT, ACK, 101, 601, 0, 300, 0, DUPLICATE, 2},
		{123999, SERVER, ACK, 601, 101, 100, 250, 0, FAST, 0},
	};

	(void)state;
	play_behind_handshake(rows, COUNT(rows));
}

/* After 20 ms it is not fast, and sooner than the round trip of 40 ms it may have been overtaken. */
static void after_the_duplicate_acks(void **state)
{
	static const struct row early[] = {
		{100000, SERVER, ACK, 501, 101, 100, 250, 0, NONE, 0},
		{101000, SERVER, ACK, 701, 101, 100, 250, 0, LOST, 0},
		{102000, CLIENT, ACK, 101, 601, 0, 300, 0, NONE, 0},
		{103000, CLIENT, ACK, 101, 601, 0, 300, 0, DUPLICATE, 1},
		{104000, CLIENT, ACK, 101, 601, 0, 300, 0, DUPLICATE, 2},
		{124000, SERVER, ACK, 601, 101, 100, 250, 0, OUT_OF_ORDER, 0},
		{141000, SERVER, ACK, 601, 101, 100, 250, 0, RETRANSMISSION, 0},
	};

	(void)state;
	play_behind_handshake(early, COUNT(early));
}

/* The last segment again cannot have been overtaken; without a handshake the limit is 3 ms. */
static void out_of_order_or_retransmission(void **state)
{
	static const struct row rows[] = {
		{1000, SERVER, ACK, 500, 100, 100, 250, 0, NONE, 0},
		{2000, SERVER, ACK, 600, 100, 100, 250, 0, NONE, 0},
		{2001, SERVER, ACK, 600, 100, 100, 250, 0, RETRANSMISSION, 0},
		{4999, SERVER, ACK, 500, 100, 100, 250, 0, OUT_OF_ORDER, 0},
		{5000, SERVER, ACK, 500, 100, 100, 250, 0, RETRANSMISSION, 0},
	};

	(void)state;
	play(rows, COUNT(rows));
}

static void a_spurious_retransmission(void **state)
{
	static const struct row rows[] = {
		{100000, SERVER, ACK, 501, 101, 100, 250, 0, NONE, 0},
		{101000, CLIENT, ACK, 101, 601, 0, 300, 0, NONE, 0},
		{102000, SERVER, ACK, 501, 101, 100, 250, 0, SPURIOUS, 0},
	};

	(void)state;
	play_behind_handshake(rows, COUNT(rows));
}

/* Told once for each hole. */
static void an_ack_of_what_was_not_seen(void **state)
{
	static const struct row rows[] = {
		{100000, SERVER, ACK, 501, 101, 100, 250, 0, NONE, 0},
		{101000, CLIENT, ACK, 101, 701, 0, 300, 0, ACK_LOST, 0},
		{102000, CLIENT, ACK, 101, 801, 0, 300, 0, NONE, 0},
		{103000, SERVER, ACK, 801, 101, 100, 250, 0, LOST, 0},
		{104000, CLIENT, ACK, 101, 901, 0, 300, 0, ACK_LOST, 0},
	};

	(void)state;
	play_behind_handshake(rows, COUNT(rows));
}

/* The server's windows count eightfold, but for that of its SYN. */
static void a_full_window(void **state)
{
	static const struct row first[] = {
		{50000, CLIENT, ACK, 101, 501, 2000, 300, 0, FULL, 0},
	};
	static const struct row shifted[] = {
		{50000, SERVER, ACK, 501, 101, 0, 100, 0, UPDATE, 0},
		{51000, CLIENT, ACK, 101, 501, 799, 300, 0, NONE, 0},
		{52000, CLIENT, ACK, 900, 501, 1, 300, 0, FULL, 0},
	};
	static const struct row midstream[] = {
		{50000, SERVER, ACK, 501, 101, 0, 100, 0, NONE, 0},
		{51000, CLIENT, ACK, 101, 501, 100, 300, 0, NONE, 0},
	};

	(void)state;
	play_behind_handshake(first, COUNT(first));
	play_behind_handshake(shifted, COUNT(shifted));
	play(midstream, COUNT(midstream));
}

static void a_closed_window(void **state)
{
	static const struct row rows[] = {
		{50000, SERVER, ACK, 501, 101, 0, 0, 0, ZERO, 0},
		{51000, CLIENT, ACK, 101, 501, 1, 300, 0, PROBE, 0},
		{52000, SERVER, ACK, 501, 101, 0, 0, 0, ZERO | PROBE_ACK, 0},
		{53000, CLIENT, ACK, 101, 501, 1, 300, 0, PROBE, 0}, /* its byte was not taken */
		{54000, SERVER, ACK, 501, 101, 0, 250, 0, UPDATE, 0},
		{55000, CLIENT, ACK, 101, 501, 100, 300, 0, NONE, 0},
	};

	(void)state;
	play_behind_handshake(rows, COUNT(rows));
}

static void a_kept_connection(void **state)
{
	static const struct row rows[] = {
		{50000, CLIENT, ACK, 100, 501, 0, 300, 0, ALIVE, 0},
		{51000, SERVER, ACK, 501, 101, 0, 250, 0, UPDATE, 0},
		{60000, CLIENT, ACK, 100, 501, 1, 300, 0, ALIVE, 0},
		{61000, SERVER, ACK, 501, 101, 0, 250, 0, ALIVE_ACK, 0},
		{62000, SERVER, ACK, 501, 101, 0, 250, 0, ALIVE_ACK, 0},
		{63000, CLIENT, ACK, 101, 501, 0, 300, 0, DUPLICATE, 1},
		{64000, SERVER, ACK, 501, 101, 0, 250, 0, DUPLICATE, 1},
	};

	(void)state;
	play_behind_handshake(rows, COUNT(rows));
}

static void ports_that_are_reused(void **state)
{
	static const struct row rows[] = {
		{50000, CLIENT, SYN, 100, 0, 0, 1000, 2, RETRANSMISSION, 0}, /* the same SYN again */
		{60000, CLIENT, SYN, 7000, 0, 0, 1000, 0, REUSED, 0},
		{61000, SERVER, SYN_ACK, 9000, 7001, 0, 1000, 5, NONE, 0},
		{62000, SERVER, SYN_ACK, 9500, 7001, 0, 1000, 5, REUSED | LOST, 0},
	};
	struct tcp_connection connection = {0};

	(void)state;
	play_on(&connection, handshake, COUNT(handshake));
	play_on(&connection, rows, COUNT(rows));
	assert_int_equal(connection.sides[CLIENT].base, 7000);
	assert_int_equal(connection.sides[SERVER].base, 9500);
	assert_int_equal(connection.sides[SERVER].scale, SCALE_NONE); /* the new SYN has no such option */
}

static void a_reset_with_data(void **state)
{
	static const struct row rows[] = {
		{50000, SERVER, RST | ACK, 501, 101, 20, 0, 0, RESET, 0},
		{51000, SERVER, RST, 900, 0, 0, 0, 0, RESET, 0}, /* beyond the next number, but no loss */
	};

	(void)state;
	play_behind_handshake(rows, COUNT(rows));
}

/* Data in a SYN (RFC 7413), which the other side takes. */
static void data_in_a_syn(void **state)
{
	static const struct row rows[] = {
		{0, CLIENT, SYN, 100, 0, 50, 1000, 2, NONE, 0},
		{1000, SERVER, SYN_ACK, 500, 151, 0, 2000, 3, NONE, 0},
		{2000, CLIENT, ACK, 151, 501, 0, 300, 0, NONE, 0},
		{3000, CLIENT, ACK, 151, 501, 10, 300, 0, NONE, 0},
	};

	(void)state;
	play(rows, COUNT(rows));
}

static void both_sides_open(void **state)
{
	static const struct row rows[] = {
		{0, CLIENT, SYN, 100, 0, 0, 1000, 2, NONE, 0},
		{1, SERVER, SYN, 500, 0, 0, 1000, 2, NONE, 0},
		{2, CLIENT, SYN_ACK, 100, 501, 0, 1000, 2, RETRANSMISSION, 0},
		{3, SERVER, SYN_ACK, 500, 101, 0, 1000, 2, RETRANSMISSION, 0},
		{4, CLIENT, ACK, 101, 501, 10, 1000, 0, NONE, 0},
	};

	(void)state;
	play(rows, COUNT(rows));
}

/* RFC 9293, 3.4 */
static void numbers_that_wrap(void **state)
{
	static const struct row rows[] = {
		{1000, SERVER, ACK, 0xffffff00, 100, 0x180, 250, 0, NONE, 0},
		{9000, SERVER, ACK, 0x80, 100, 0x80, 250, 0, NONE, 0},
		{19000, SERVER, ACK, 0xffffff00, 100, 0x180, 250, 0, RETRANSMISSION, 0},
		{29000, SERVER, ACK, 0x180, 100, 1, 250, 0, LOST, 0},
		{30000, CLIENT, ACK, 100, 0x100, 0, 250, 0, NONE, 0},
		{39000, SERVER, ACK, 0xffffff00, 100, 0x180, 250, 0, SPURIOUS, 0},
	};

	(void)state;
	play(rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_time_of_a_handshake),
		cmocka_unit_test(no_handshake),
		cmocka_unit_test(segments_in_order),
		cmocka_unit_test(a_fast_retransmission),
		cmocka_unit_test(after_the_duplicate_acks),
		cmocka_unit_test(out_of_order_or_retransmission),
		cmocka_unit_test(a_spurious_retransmission),
		cmocka_unit_test(an_ack_of_what_was_not_seen),
		cmocka_unit_test(a_full_window),
		cmocka_unit_test(a_closed_window),
		cmocka_unit_test(a_kept_connection),
		cmocka_unit_test(ports_that_are_reused),
		cmocka_unit_test(a_reset_with_data),
		cmocka_unit_test(data_in_a_syn),
		cmocka_unit_test(both_sides_open),
		cmocka_unit_test(numbers_that_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
