/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "written.h"

/* The columns of the brief style, which keep their place within a run. */

/* A run of the sniffer: the packets that are handed to it one after the other, and what has come of them. */
struct run {
	int fd;
	struct sink *sink;
	struct decoded decoded;
};

static void begin_run(struct run *run, const struct style *style)
{
	*run = (struct run){.fd = memory_file()};
	run->sink = out_brief_open(run->fd, style);
	assert_non_null(run->sink);
}

/* Decode a packet as the next one of interface `id`, for the caller to change before it is printed. */
static struct decoded *next_packet(struct run *run, uint32_t id, const char *name, const char *hex)
{
	incoming(&run->decoded, LINK_RAW, hex, 0);
	run->decoded.interface.id = id;
	run->decoded.interface.name = name;
	return &run->decoded;
}

static const char *line_of(struct run *run)
{
	assert_int_equal(run->sink->packet(run->sink, &run->decoded.packet), 0);
	assert_int_equal(run->sink->flush(run->sink), 0);
	return written(run->fd);
}

static void end_run(struct run *run)
{
	run->sink->close(run->sink);
	close(run->fd);
}

#define LONG_ADDRESSES \
	"45 10 00 20 1f 2e 40 00 40 11 07 7b c0 a8 64 64 c0 a8 64 c8 9c 40 00 35 00 0c 8a 85 61 62 63 64 "

/* A column widens for what it has to hold, and does not narrow. IPv6 does not move IPv4. */
static void columns_keep_their_place(void **state)
{
	const struct style style = {.time = TIME_NONE};
	struct run run;

	(void)state;
	begin_run(&run, &style);
	next_packet(&run, 0, "eth0", IPV4_UDP);
	assert_string_equal(line_of(&run), "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	next_packet(&run, 0, "eth0", LONG_ADDRESSES)->packet.udp.checksum_status = CHECKSUM_GOOD;
	run.decoded.packet.ip.checksum_status = CHECKSUM_GOOD;
	assert_string_equal(line_of(&run), "UDP 192.168.100.100:40000 > 192.168.100.200:53 length 4\n");
	next_packet(&run, 0, "eth0", IPV6_TCP);
	assert_string_equal(line_of(&run), "TCP [fd00::1]:40000 > [fd00::2]:80        P. seq 305419896 length 4\n");
	next_packet(&run, 0, "eth0", IPV4_UDP);
	assert_string_equal(line_of(&run), "UDP 10.9.0.1:40000 > 10.9.0.2:53               length 4\n");
	end_run(&run);
}

/* Interfaces are named from the second one on. Those of two files may be of the same name. */
static void interfaces_that_appear(void **state)
{
	const struct style style = {.time = TIME_NONE};
	struct run run;

	(void)state;
	begin_run(&run, &style);
	next_packet(&run, 0, "eth0", IPV4_UDP);
	assert_string_equal(line_of(&run), "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	next_packet(&run, 1, "eth0", IPV4_UDP);
	assert_string_equal(line_of(&run), "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	next_packet(&run, 2, "wlan0", IPV4_UDP)->frame.direction = DIRECTION_OUT;
	assert_string_equal(line_of(&run), "wlan0 out UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	next_packet(&run, 0, "eth0", IPV4_UDP);
	assert_string_equal(line_of(&run), "eth0 in   UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	next_packet(&run, 3, NULL, IPV4_UDP)->frame.direction = DIRECTION_UNKNOWN;
	assert_string_equal(line_of(&run), "          UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	end_run(&run);
}

/* They are named from the start where there may be several. */
static void interfaces_of_the_whole_run(void **state)
{
	const struct style style = {.time = TIME_NONE, .interfaces = true};
	struct run run;

	(void)state;
	begin_run(&run, &style);
	next_packet(&run, 0, "eth0", IPV4_UDP);
	assert_string_equal(line_of(&run), "eth0 in  UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	next_packet(&run, 0, "eth0", IPV4_UDP)->frame.direction = DIRECTION_OUT; /* which does not widen the column */
	assert_string_equal(line_of(&run), "eth0 out UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	end_run(&run);
}

/* A name in a file may be so long that it may not push all later lines to the right. */
static void widths_have_a_limit(void **state)
{
	const struct style style = {.time = TIME_NONE, .link = true};
	struct run run;

	(void)state;
	begin_run(&run, &style);
	decode_hex(&run.decoded, LINK_ETHERNET,
		   ETHERNET "88 a8 00 64 81 00 00 14 88 47 00 01 00 40 00 01 00 40 00 01 11 40" IPV4_UDP, 0);
	assert_true(strcspn(line_of(&run), "U") > 104);
	decode_hex(&run.decoded, LINK_ETHERNET, ETHERNET "08 00" IPV4_UDP, 0);
	assert_int_equal(strcspn(line_of(&run), "U"),
			 strlen("ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ethertype 0x0800 (IPv4) "));
	end_run(&run);
}

/* The number first, then the time; a packet without a time leaves its column empty. */
static void number_and_time(void **state)
{
	const struct style style = {.time = TIME_EPOCH, .micro = true, .number = true, .lengths = true};
	struct run run;

	(void)state;
	begin_run(&run, &style);
	next_packet(&run, 0, "eth0", IPV4_UDP);
	assert_string_equal(line_of(&run), "7     1795446153.123456 caplen 32 len 32"
					   " UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	next_packet(&run, 0, "eth0", IPV4_UDP)->frame.has_time = false;
	run.decoded.frame.number = 123456;
	run.decoded.frame.length = 1000;
	assert_string_equal(line_of(&run), "123456                   caplen 32 len 1000"
					   " UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	next_packet(&run, 0, "eth0", IPV4_UDP);
	assert_string_equal(line_of(&run), "7      1795446153.123456 caplen 32 len 32  "
					   " UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4\n");
	end_run(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_keep_their_place),
		cmocka_unit_test(interfaces_that_appear),
		cmocka_unit_test(interfaces_of_the_whole_run),
		cmocka_unit_test(widths_have_a_limit),
		cmocka_unit_test(number_and_time),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
