/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "decode_samples.h"
#include "tcp_event.h"
#include "written.h"

/* TCP segments in the brief style. */

/* Headers whose checksum is left for the card to compute, from 10.9.0.1:40000 to 10.9.0.2:50080. */
#define SEGMENT(seq, ack, flags, window)                                                                               \
	"45 00 00 28 00 00 40 00 40 06 26 bc 0a 09 00 01 0a 09 00 02 9c 40 c3 a0 " seq " " ack " 50 " flags " " window \
	" 14 2f 00 00 "

/* What each flag is called, and which numbers a segment shows. Without ACK its number says nothing. */
static void flags_and_numbers(void **state)
{
	static const struct {
		const char *flags;
		const char *text;
	} rows[] = {
		{"02", "S  seq 7 win 502"},
		{"12", "S. seq 7 ack 9 win 502"},
		{"c2", "SEW seq 7 win 502"},
		{"10", ".  ack 9 win 502"},
		{"18", "P. ack 9 win 502"},
		{"11", "F. seq 7 ack 9"},
		{"04", "R  seq 7"},
		{"14", "R. seq 7 ack 9"},
		{"00", "none seq 7 win 502"},
		{"08", "P  seq 7 win 502"},
		{"ff", "FSRP.UEW seq 7 ack 9 win 502"},
	};
	const struct style style = {.time = TIME_NONE};
	struct decoded decoded;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char hex[512], line[128];

		snprintf(hex, sizeof(hex), SEGMENT("00 00 00 07", "00 00 00 09", "%s", "01 f6"), rows[i].flags);
		incoming(&decoded, LINK_RAW, hex, 0);
		decoded.packet.tcp.checksum_status = CHECKSUM_GOOD;
		snprintf(line, sizeof(line), "TCP 10.9.0.1:40000 > 10.9.0.2:50080 %s\n", rows[i].text);
		assert_string_equal(printed(out_brief_open, &style, &decoded.packet), line);
	}
	incoming(&decoded, LINK_RAW,
		 "45 00 00 28 00 00 40 00 40 06 26 bc 0a 09 00 01 0a 09 00 02 "
		 "9c 40 c3 a0 00 00 00 07 00 00 00 09 51 10 01 f6 14 2f 00 00",
		 0);
	decoded.packet.tcp.checksum_status = CHECKSUM_GOOD;
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "TCP 10.9.0.1:40000 > 10.9.0.2:50080 .e ack 9 win 502\n");
}

/* A segment of a connection about which something is known. */
static const char *analyzed(const struct style *style, const char *flags, uint64_t payload,
			    const struct tcp_analysis *analysis)
{
	static struct decoded decoded;
	char hex[512];

	snprintf(hex, sizeof(hex), SEGMENT("12 34 56 78", "9a bc de f0", "%s", "fa f0"), flags);
	incoming(&decoded, LINK_RAW, hex, 0);
	decoded.packet.tcp.checksum_status = CHECKSUM_GOOD;
	decoded.packet.payload.length = payload;
	decoded.packet.analysis = analysis;
	return printed(out_brief_open, style, &decoded.packet);
}

#define PAIR "TCP 10.9.0.1:40000 > 10.9.0.2:50080 "

static void relative_numbers(void **state)
{
	const struct style style = {.time = TIME_NONE}, absolute = {.time = TIME_NONE, .absolute = true};
	const struct tcp_analysis both = {
		.relative_seq = 1449, .relative_ack = 78, .has_relative_ack = true, .window_shift = 7};
	const struct tcp_analysis one = {.relative_seq = 1449, .relative_ack = 5, .window_shift = -1};
	const struct tcp_analysis unscaled = {.relative_ack = 78, .has_relative_ack = true, .window_shift = 0};

	(void)state;
	assert_string_equal(analyzed(&style, "18", 10, &both), PAIR "P. seq 1449 length 10\n");
	assert_string_equal(analyzed(&style, "10", 0, &both), PAIR ".  ack 78 win 8222720\n");
	assert_string_equal(analyzed(&style, "11", 0, &both), PAIR "F. seq 1449 ack 78\n");
	assert_string_equal(analyzed(&style, "11", 5, &both), PAIR "F. seq 1449 length 5\n");
	/* Nothing was seen of the other direction, nor a SYN */
	assert_string_equal(analyzed(&style, "10", 0, &one), PAIR ".  ack 2596069104 win 64240\n");
	assert_string_equal(analyzed(&style, "10", 0, &unscaled), PAIR ".  ack 78 win 64240\n");
	/* A SYN says where the numbers start, and its window is never scaled */
	assert_string_equal(analyzed(&style, "12", 0, &both), PAIR "S. seq 305419896 ack 78 win 64240\n");
	assert_string_equal(analyzed(&style, "02", 5, &both), PAIR "S  seq 305419896 win 64240 length 5\n");
	assert_string_equal(analyzed(&absolute, "18", 10, &both), PAIR "P. seq 305419896 length 10\n");
	assert_string_equal(analyzed(&absolute, "10", 0, &both), PAIR ".  ack 2596069104 win 8222720\n");
}

/* Time, addresses with ports of five digits, and the longest of the usual numbers. */
static void fits_eighty_columns(void **state)
{
	const struct style style = {.time = TIME_CLOCK, .micro = true};
	struct tcp_analysis analysis = {
		.relative_seq = 9999999, .relative_ack = 9999999, .has_relative_ack = true, .window_shift = 7};
	static const struct {
		const char *flags;
		uint64_t payload;
	} rows[] = {{"10", 65535}, {"18", 65535}, {"19", 65535}, {"10", 0}, {"18", 0}, {"11", 0}, {"14", 0}, {"04", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *line = analyzed(&style, rows[i].flags, rows[i].payload, &analysis);

		assert_true(strlen(line) <= 80 + 1);
		assert_null(strstr(line, " \n"));
	}
	assert_string_equal(analyzed(&style, "19", 65535, &analysis),
			    "15:02:33.123456 " PAIR "FP. seq 9999999 length 65535\n");
}

#define RED     "\033[1;31m"
#define GREEN   "\033[1;32m"
#define MAGENTA "\033[1;35m"
#define CYAN    "\033[1;36m"
#define PLAIN   "\033[0m"

/* What happened, by its name and in its color; with the number that is not usual, if it is about that. */
static void events(void **state)
{
	static const struct {
		uint32_t events;
		const char *color, *text, *numbers;
	} rows[] = {
		{TCP_EVENT_RETRANSMISSION, RED, "retransmission", ""},
		{TCP_EVENT_RETRANSMISSION | TCP_EVENT_FAST_RETRANSMISSION, RED, "fast-retransmission", ""},
		{TCP_EVENT_RETRANSMISSION | TCP_EVENT_SPURIOUS_RETRANSMISSION, RED, "spurious-retransmission", ""},
		{TCP_EVENT_OUT_OF_ORDER, MAGENTA, "out-of-order", ""},
		{TCP_EVENT_LOST_SEGMENT, MAGENTA, "lost-segment", ""},
		{TCP_EVENT_ACK_LOST_SEGMENT, MAGENTA, "ack-lost-segment", "ack 2596069104 "},
		{TCP_EVENT_ZERO_WINDOW, MAGENTA, "zero-window", "win 64240 "},
		{TCP_EVENT_WINDOW_FULL, MAGENTA, "window-full", ""},
		{TCP_EVENT_ZERO_WINDOW_PROBE, NULL, "zero-window-probe", ""},
		{TCP_EVENT_ZERO_WINDOW_PROBE_ACK, NULL, "zero-window-probe-ack", ""},
		{TCP_EVENT_WINDOW_UPDATE, NULL, "window-update", ""},
		{TCP_EVENT_KEEP_ALIVE, NULL, "keep-alive", ""},
		{TCP_EVENT_KEEP_ALIVE_ACK, NULL, "keep-alive-ack", ""},
		{TCP_EVENT_REUSED_PORTS, NULL, "reused-ports", ""},
	};
	const struct style style = {.time = TIME_NONE}, color = {.time = TIME_NONE, .color = true};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct tcp_analysis analysis = {.events = rows[i].events, .relative_seq = 1};
		char line[256];

		snprintf(line, sizeof(line), PAIR "P. seq 1 %slength 5 %s\n", rows[i].numbers, rows[i].text);
		assert_string_equal(analyzed(&style, "18", 5, &analysis), line);
		snprintf(line, sizeof(line), PAIR "P. seq 1 %slength 5 %s%s%s\n", rows[i].numbers,
			 rows[i].color ? rows[i].color : "", rows[i].text, rows[i].color ? PLAIN : "");
		assert_string_equal(analyzed(&color, "18", 5, &analysis), line);
	}
}

/* Without payload some say something of seq. */
static void events_without_payload(void **state)
{
	static const struct {
		uint32_t event;
		const char *text;
	} rows[] = {
		{TCP_EVENT_LOST_SEGMENT, ".  seq 1 ack 2596069104 win 64240 lost-segment"},
		{TCP_EVENT_KEEP_ALIVE, ".  seq 1 ack 2596069104 win 64240 keep-alive"},
		{TCP_EVENT_ZERO_WINDOW_PROBE, ".  seq 1 ack 2596069104 win 64240 zero-window-probe"},
		{TCP_EVENT_ACK_LOST_SEGMENT, ".  ack 2596069104 win 64240 ack-lost-segment"},
		{TCP_EVENT_WINDOW_UPDATE, ".  ack 2596069104 win 64240 window-update"},
	};
	const struct style style = {.time = TIME_NONE};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct tcp_analysis analysis = {.events = rows[i].event, .relative_seq = 1};
		char line[256];

		snprintf(line, sizeof(line), PAIR "%s\n", rows[i].text);
		assert_string_equal(analyzed(&style, "10", 0, &analysis), line);
	}
}

static void several_events(void **state)
{
	const struct style style = {.time = TIME_NONE};
	const struct tcp_analysis duplicate = {
		.events = TCP_EVENT_DUPLICATE_ACK | TCP_EVENT_ZERO_WINDOW,
		.duplicate_number = 12,
		.relative_seq = 78,
		.relative_ack = 1,
		.has_relative_ack = true,
	};
	const struct tcp_analysis lost = {.events = TCP_EVENT_LOST_SEGMENT | TCP_EVENT_WINDOW_FULL, .relative_seq = 1};
	const struct tcp_analysis reset = {.events = TCP_EVENT_RESET, .relative_seq = 1};

	(void)state;
	assert_string_equal(analyzed(&style, "10", 0, &duplicate),
			    PAIR ".  ack 1 win 64240 duplicate-ack #12 zero-window\n");
	assert_string_equal(analyzed(&style, "10", 5, &lost), PAIR ".  seq 1 length 5 lost-segment window-full\n");
	/* Its flag says it */
	assert_string_equal(analyzed(&style, "14", 0, &reset), PAIR "R. seq 1 ack 2596069104\n");
}

static void time_of_the_handshake(void **state)
{
	const struct style style = {.time = TIME_NONE};
	struct tcp_analysis analysis = {.relative_ack = 1, .has_relative_ack = true, .window_shift = -1};

	(void)state;
	analysis.rtt_ns = 5000000;
	assert_string_equal(analyzed(&style, "10", 0, &analysis), PAIR ".  ack 1 win 64240\n");
	analysis.handshake_ns = 45678;
	assert_string_equal(analyzed(&style, "10", 0, &analysis), PAIR ".  ack 1 win 64240 handshake 0.045 ms\n");
	analysis.handshake_ns = 12345678901;
	assert_string_equal(analyzed(&style, "10", 0, &analysis), PAIR ".  ack 1 win 64240 handshake 12345.678 ms\n");
}

/* The options of a SYN, and of no other segment. */
static void options_of_a_syn(void **state)
{
	const struct style style = {.time = TIME_NONE};
	struct decoded decoded;

	(void)state;
	incoming(&decoded, LINK_RAW, TCP_OPTIONS, 0);
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "TCP 10.9.0.1:40000 > 10.9.0.2:80    P. seq 305419896 length 4\n");
	decoded.packet.tcp.flags = 0x02;
	assert_string_equal(printed(out_brief_open, &style, &decoded.packet),
			    "TCP 10.9.0.1:40000 > 10.9.0.2:80    S  seq 305419896 win 64240 length 4"
			    " mss 1460 sackOK timestamp wscale 7\n");
}

/* Only opening, closing and reset have a color. */
static void colors_of_flags(void **state)
{
	static const struct {
		const char *flags, *text;
	} rows[] = {
		{"02", GREEN "S" PLAIN "  seq 305419896 win 64240"},
		{"12", GREEN "S." PLAIN " seq 305419896 ack 2596069104 win 64240"},
		{"13", GREEN "FS." PLAIN " seq 305419896 ack 2596069104 win 64240"},
		{"11", CYAN "F." PLAIN " seq 305419896 ack 2596069104"},
		{"15", RED "FR." PLAIN " seq 305419896 ack 2596069104"},
		{"16", RED "SR." PLAIN " seq 305419896 ack 2596069104 win 64240"},
		{"04", RED "R" PLAIN "  seq 305419896"},
		{"18", "P. ack 2596069104 win 64240"},
		{"10", ".  ack 2596069104 win 64240"},
	};
	const struct style style = {.time = TIME_NONE, .color = true};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char line[128];

		snprintf(line, sizeof(line), PAIR "%s\n", rows[i].text);
		assert_string_equal(analyzed(&style, rows[i].flags, 0, NULL), line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_and_numbers),     cmocka_unit_test(relative_numbers),
		cmocka_unit_test(fits_eighty_columns),   cmocka_unit_test(events),
		cmocka_unit_test(several_events),        cmocka_unit_test(events_without_payload),
		cmocka_unit_test(time_of_the_handshake), cmocka_unit_test(options_of_a_syn),
		cmocka_unit_test(colors_of_flags),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
