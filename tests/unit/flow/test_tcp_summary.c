/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "annotated.h"
#include "flow/tcp_annotator.h"
#include "tcp_connection.h"

/* What is said of all segments in the end. */

static void assert_summary(const struct tcp_annotator *annotator, const char *wanted)
{
	char text[TCP_SUMMARY_TEXT_MAX];
	struct tcp_summary summary;

	tcp_annotator_sum_up(annotator, &summary);
	assert_int_equal(tcp_summary_text(&summary, text), strlen(wanted));
	assert_memory_equal(text, wanted, strlen(wanted));
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
		cmocka_unit_test(mapped_addresses),
		cmocka_unit_test(the_worst_connections),
		cmocka_unit_test(a_connection_that_comes_back),
		cmocka_unit_test(nothing_to_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
