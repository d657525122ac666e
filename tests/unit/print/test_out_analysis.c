/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "decode_samples.h"
#include "tcp_event.h"
#include "written.h"

/* How the analysis of a TCP segment is printed. */

static const struct tcp_analysis nothing = {.relative_seq = 1, .window_shift = -1};
static const struct tcp_analysis reset = {
	.events = TCP_EVENT_RESET, .relative_seq = 1, .relative_ack = 9, .has_relative_ack = true};
static const struct tcp_analysis repeated = {.events = TCP_EVENT_RETRANSMISSION | TCP_EVENT_FAST_RETRANSMISSION,
					     .relative_seq = 4294967295,
					     .relative_ack = 7,
					     .has_relative_ack = true};
static const struct tcp_analysis duplicate = {.events = TCP_EVENT_DUPLICATE_ACK, .duplicate_number = 3};
static const struct tcp_analysis timed = {.rtt_ns = 1234567, .handshake_ns = 1000000};
static const struct tcp_analysis late = {.events = TCP_EVENT_LOST_SEGMENT, .rtt_ns = 12000000005, .handshake_ns = 0};

static const char *printed_of(open_sink *open, bool color, const struct tcp_analysis *analysis)
{
	const struct style style = {.time = TIME_NONE, .color = color};
	struct decoded decoded;

	incoming(&decoded, LINK_RAW, IPV4_TCP, 0);
	decoded.packet.analysis = analysis;
	return printed(open, &style, &decoded.packet);
}

/* The line of the full style, from its label to its end; "": there is none. */
static const char *line_of(bool color, const struct tcp_analysis *analysis)
{
	static char line[512];
	const char *text = strstr(printed_of(out_full_open, color, analysis), "\n        analysis");

	snprintf(line, sizeof(line), "%.*s", text ? (int)strcspn(text + 1, "\n") : 0, text ? text + 1 : "");
	return line;
}

static void a_line_of_the_full_style(void **state)
{
	(void)state;
	assert_string_equal(line_of(false, NULL), "");
	assert_string_equal(line_of(false, &nothing), "");
	assert_string_equal(line_of(false, &reset), "");
	assert_string_equal(line_of(false, &repeated), "        analysis retransmission, fast-retransmission");
	assert_string_equal(line_of(false, &duplicate), "        analysis duplicate-ack #3");
	assert_string_equal(line_of(false, &timed), "        analysis rtt 1.234567 ms  handshake 1.000000 ms");
	assert_string_equal(line_of(false, &late), "        analysis lost-segment  rtt 12000.000005 ms");
	assert_string_equal(line_of(true, &late),
			    "        analysis\033[1;31m lost-segment\033[0m  rtt 12000.000005 ms");
}

static struct sink *open_json(int fd, const struct style *style)
{
	(void)style;
	return out_json_open(fd);
}

/* What JSON has behind the last field of the header. */
static const char *members_of(const struct tcp_analysis *analysis)
{
	static char members[512];
	const char *text = printed_of(open_json, false, analysis);

	text = strstr(text, "\"urgent\":0");
	assert_non_null(text);
	text += strlen("\"urgent\":0");
	snprintf(members, sizeof(members), "%.*s", (int)strcspn(text, "}"), text);
	return members;
}

static void members_of_json(void **state)
{
	(void)state;
	assert_string_equal(members_of(NULL), "");
	assert_string_equal(members_of(&nothing), ",\"relative_seq\":1");
	assert_string_equal(members_of(&reset), ",\"relative_seq\":1,\"relative_ack\":9");
	assert_string_equal(members_of(&repeated), ",\"relative_seq\":4294967295,\"relative_ack\":7,\"analysis\":"
						   "[\"retransmission\",\"fast-retransmission\"]");
	assert_string_equal(members_of(&duplicate),
			    ",\"relative_seq\":0,\"analysis\":[\"duplicate-ack\"],\"duplicate_ack_number\":3");
	assert_string_equal(members_of(&timed), ",\"relative_seq\":0,\"rtt_ns\":1234567,\"handshake_ns\":1000000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_of_the_full_style),
		cmocka_unit_test(members_of_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
