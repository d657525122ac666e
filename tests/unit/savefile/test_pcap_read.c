/* SPDX-License-Identifier: BSD-2-Clause */
/* The readers of capture files: every feature of the two formats, from files built here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "capture_builder.h"
#include "savefile/savefile_read.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static struct source *open_capture(const struct capture *capture, int *fd)
{
	struct source *source;

	*fd = readable(capture->bytes, capture->length);
	assert_true(*fd >= 0);
	source = savefile_read_open(*fd, "made");
	assert_non_null(source);
	return source;
}

static void assert_next(struct source *source, struct frame *frame, const char *bytes)
{
	assert_int_equal(source->next(source, frame), 1);
	assert_int_equal(frame->captured, strlen(bytes));
	assert_memory_equal(frame->bytes, bytes, strlen(bytes));
}

/* The end is clean, also on later calls. */
static void assert_end(struct source *source, int fd)
{
	struct frame frame;

	assert_int_equal(source->next(source, &frame), -ENODATA);
	assert_int_equal(source->next(source, &frame), -ENODATA);
	assert_string_equal(savefile_read_error(source), "");
	savefile_read_close(source);
	close(fd);
}

static void test_pcap_variants(void **state)
{
	static const struct {
		uint32_t magic;
		bool big_endian;
		int addition;
		int64_t time_ns;
	} variants[] = {
		{PCAP_MAGIC_MICRO, false, 0, INT64_C(4102444800000007000)},
		{PCAP_MAGIC_MICRO, true, 0, INT64_C(4102444800000007000)},
		{PCAP_MAGIC_NANO, false, 0, INT64_C(4102444800000000007)},
		{PCAP_MAGIC_NANO, true, 0, INT64_C(4102444800000000007)},
		{PCAP_MAGIC_MODIFIED, false, 8, INT64_C(4102444800000007000)},
		{PCAP_MAGIC_MODIFIED, true, 8, INT64_C(4102444800000007000)},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		struct capture capture = {.big_endian = variants[i].big_endian};
		struct source *source;
		struct frame frame;
		int fd;

		pcap_header(&capture, variants[i].magic, 96, LINK_RAW);
		for (int n = 0; n < 2; n++) {
			put32(&capture, 4102444800);
			put32(&capture, 7);
			put32(&capture, 5);
			put32(&capture, 1005);
			put(&capture, &"additionhello"[8 - variants[i].addition], variants[i].addition);
			put(&capture, "hello", 5);
		}
		source = open_capture(&capture, &fd);
		for (uint64_t n = 1; n <= 2; n++) {
			assert_next(source, &frame, "hello");
			assert_int_equal(frame.number, n);
			assert_int_equal(frame.length, 1005);
			assert_true(frame.has_time);
			assert_int_equal(frame.time_ns, variants[i].time_ns);
			assert_int_equal(frame.direction, DIRECTION_UNKNOWN);
			assert_null(frame.block);
			assert_int_equal(frame.interface->link_type, LINK_RAW);
			assert_int_equal(frame.interface->snaplen, 96);
			assert_null(frame.interface->name);
			assert_false(frame.interface->loopback);
		}
		assert_end(source, fd);
	}
}

/* Before version 2.3 of pcap the length on the wire came first; in 2.3 it is the longer one. */
static void test_pcap_versions(void **state)
{
	static const struct {
		uint8_t minor;
		uint32_t lengths[2];
	} versions[] = {
		{0, {1005, 5}}, {1, {1005, 5}}, {2, {1005, 5}}, {3, {1005, 5}}, {3, {5, 1005}}, {4, {5, 1005}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct capture capture = {0};
		struct source *source;
		struct frame frame;
		int fd;

		pcap_header(&capture, PCAP_MAGIC_MICRO, 96, LINK_RAW);
		capture.bytes[6] = versions[i].minor;
		for (int n = 0; n < 2; n++) {
			put64(&capture, 0);
			put32(&capture, versions[i].lengths[0]);
			put32(&capture, versions[i].lengths[1]);
			put(&capture, "hello", 5);
		}
		source = open_capture(&capture, &fd);
		for (int n = 0; n < 2; n++) {
			assert_next(source, &frame, "hello");
			assert_int_equal(frame.length, 1005);
		}
		assert_end(source, fd);
	}
}

static void test_pcap_link_type(void **state)
{
	static const struct {
		uint32_t field;
		uint16_t link_type;
		bool loopback;
	} types[] = {
		{LINK_ETHERNET, LINK_ETHERNET, false},
		{0x24000000 | LINK_ETHERNET, LINK_ETHERNET, false}, /* an FCS of four bytes */
		{LINK_NULL, LINK_NULL, true},
		{LINK_LOOP, LINK_LOOP, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct capture capture = {0};
		struct source *source;
		struct frame frame;
		int fd;

		pcap_header(&capture, PCAP_MAGIC_MICRO, 0, types[i].field);
		pcap_record(&capture, 1, 2, "x");
		source = open_capture(&capture, &fd);
		assert_next(source, &frame, "x");
		assert_int_equal(frame.interface->link_type, types[i].link_type);
		assert_int_equal(frame.interface->loopback, types[i].loopback);
		assert_end(source, fd);
	}
}

#define BEYOND INT64_C(-1234567) /* what time_ns can say */

static void test_time_resolution(void **state)
{
	static const struct {
		int resolution; /* -1: not given */
		int64_t offset;
		uint64_t units;
		int64_t time_ns;
	} times[] = {
		{-1, 0, 1700000000123456, INT64_C(1700000000123456000)},
		{6, 0, 1700000000123456, INT64_C(1700000000123456000)},
		{9, 0, 1700000000123456789, INT64_C(1700000000123456789)},
		{0, 0, 1700000000, INT64_C(1700000000000000000)},
		{3, 0, 1700000000123, INT64_C(1700000000123000000)},
		{12, 0, 5000000123456999, 5000000123456},
		{28, 0, UINT64_C(10000000000000000000), 1},
		{29, 0, UINT64_MAX, 0},
		{127, 0, UINT64_MAX, 0},
		{0x80 | 0, 0, 1700000000, INT64_C(1700000000000000000)},
		{0x80 | 1, 0, 3, 1500000000},
		{0x80 | 20, 0, UINT64_C(1700000000) << 20 | 1 << 19, INT64_C(1700000000500000000)},
		{0x80 | 63, 0, UINT64_C(3) << 62, 1500000000},
		{0x80 | 127, 0, UINT64_MAX, 0},
		{6, 1700000000, 5, INT64_C(1700000000000005000)},
		{9, -10, INT64_C(1700000010000000001), INT64_C(1700000000000000001)},
		{9, -10, 1, INT64_C(-9999999999)},
		{0, 0, UINT64_MAX, BEYOND},
		{9, 0, INT64_MAX, INT64_MAX},
		{9, 0, UINT64_C(1) << 63, BEYOND},
		{9, INT64_MIN, 0, BEYOND},
		{9, -9223372037, 145224192, INT64_MIN},
		{9, -9223372037, 145224191, BEYOND},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		struct capture capture = {.big_endian = i & 1};
		struct source *source;
		struct frame frame;
		uint64_t first;
		int fd;

		section(&capture);
		open_interface(&capture, LINK_ETHERNET, 0);
		if (times[i].resolution >= 0)
			option_number(&capture, INTERFACE_RESOLUTION, times[i].resolution, 1);
		if (times[i].offset)
			option_number(&capture, INTERFACE_OFFSET, times[i].offset, 8);
		close_block(&capture);
		packet(&capture, 0, times[i].units, "x");
		source = open_capture(&capture, &fd);
		assert_next(source, &frame, "x");
		assert_int_equal(frame.has_time, times[i].time_ns != BEYOND);
		assert_int_equal(frame.time_is_beyond, times[i].time_ns == BEYOND);
		assert_int_equal(savefile_read_beyond(source, &first), times[i].time_ns == BEYOND);
		assert_int_equal(first, times[i].time_ns == BEYOND);
		assert_int_equal(frame.time_ns, frame.has_time ? times[i].time_ns : 0);
		assert_end(source, fd);
	}
}

static void test_sections(void **state)
{
	static const struct {
		const char *bytes, *name;
		uint32_t id, snaplen;
		uint16_t link_type;
		bool loopback;
	} frames[] = {
		{"one", "eth0", 0, 96, LINK_ETHERNET, false},
		{"two", "lo", 1, 0, LINK_ETHERNET, true},
		{"three", NULL, 2, 7, LINK_RAW, false},
		{"four", "tun0", 3, 128, LINK_IPV4, false},
	};
	struct capture capture = {0};
	struct source *source;
	struct frame frame;
	int fd;

	(void)state;
	section(&capture);
	open_interface(&capture, LINK_ETHERNET, 96);
	option(&capture, INTERFACE_NAME, "eth0", 4);
	close_block(&capture);
	open_interface(&capture, LINK_ETHERNET, 0);
	option(&capture, INTERFACE_NAME, "lo\0\0", 4);
	option(&capture, OPTION_END, "", 0);
	option(&capture, INTERFACE_NAME, "eth9", 4);
	close_block(&capture);
	packet(&capture, 0, 1, "one");
	packet(&capture, 1, 1, "two");
	capture.big_endian = true;
	section(&capture);
	interface(&capture, LINK_RAW, 7);
	packet(&capture, 0, 1, "three");
	open_interface(&capture, LINK_IPV4, 128);
	option(&capture, INTERFACE_NAME, "tun0", 4);
	close_block(&capture);
	packet(&capture, 1, 1, "four");
	source = open_capture(&capture, &fd);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		assert_next(source, &frame, frames[i].bytes);
		assert_int_equal(frame.number, i + 1);
		assert_int_equal(frame.interface->id, frames[i].id);
		assert_int_equal(frame.interface->index, 0);
		assert_int_equal(frame.interface->snaplen, frames[i].snaplen);
		assert_int_equal(frame.interface->link_type, frames[i].link_type);
		assert_int_equal(frame.interface->loopback, frames[i].loopback);
		if (frames[i].name)
			assert_string_equal(frame.interface->name, frames[i].name);
		else
			assert_null(frame.interface->name);
	}
	assert_end(source, fd);
}

/* A packet of one interface with these bytes; `flags` below 0: none. */
static void put_flagged(struct capture *capture, uint16_t link_type, const char *name, const uint8_t *bytes,
			uint32_t length, int flags)
{
	section(capture);
	open_interface(capture, link_type, 0);
	if (name)
		option(capture, INTERFACE_NAME, name, (uint16_t)strlen(name));
	close_block(capture);
	open_block(capture, PCAPNG_ENHANCED_PACKET);
	put32(capture, 0);
	put64(capture, 0);
	put32(capture, length);
	put32(capture, length);
	put(capture, bytes, length);
	pad(capture);
	if (flags >= 0)
		option_number(capture, PACKET_FLAGS, (uint64_t)flags, 4);
	close_block(capture);
}

/* What a link-level header says of direction and device, flags and names overrule or add to. */
static void test_link_origin(void **state)
{
	static const struct {
		const char *name;
		uint16_t link_type;
		int flags;
		uint8_t bytes[12];
		uint32_t length;
		enum direction direction;
		bool loopback;
	} rows[] = {
		{NULL, LINK_LINUX_SLL, -1, {0, 0, 0, 1}, 4, DIRECTION_IN, false},
		{NULL, LINK_LINUX_SLL, -1, {0, 1, 0, 1}, 4, DIRECTION_IN, false},
		{NULL, LINK_LINUX_SLL, -1, {0, 3, 0, 1}, 4, DIRECTION_IN, false},
		{NULL, LINK_LINUX_SLL, -1, {0, 4, 0, 1}, 4, DIRECTION_OUT, false},
		{NULL, LINK_LINUX_SLL, -1, {0, 4, 3, 4}, 4, DIRECTION_OUT, true},
		{NULL, LINK_LINUX_SLL, -1, {0, 0, 3, 4}, 4, DIRECTION_IN, true},
		{NULL, LINK_LINUX_SLL, -1, {0, 5, 0, 1}, 4, DIRECTION_UNKNOWN, false},
		{NULL, LINK_LINUX_SLL, -1, {1, 4, 0, 1}, 4, DIRECTION_UNKNOWN, false},
		{NULL, LINK_LINUX_SLL, -1, {0, 4, 3}, 3, DIRECTION_UNKNOWN, false},
		{NULL, LINK_LINUX_SLL, 1, {0, 4, 3, 4}, 4, DIRECTION_IN, true},
		{NULL, LINK_LINUX_SLL, 0, {0, 4, 0, 1}, 4, DIRECTION_OUT, false},
		{NULL, LINK_LINUX_SLL2, -1, {8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6}, 12, DIRECTION_OUT, false},
		{NULL, LINK_LINUX_SLL2, -1, {8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 2, 6}, 12, DIRECTION_IN, false},
		{NULL, LINK_LINUX_SLL2, -1, {8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0}, 11, DIRECTION_IN, true},
		{NULL, LINK_LINUX_SLL2, -1, {8, 0, 0, 0, 0, 0, 0, 1, 3, 4}, 10, DIRECTION_UNKNOWN, false},
		{NULL, LINK_PPP_WITH_DIR, -1, {0, 0xff, 3}, 3, DIRECTION_IN, false},
		{NULL, LINK_PPP_WITH_DIR, -1, {1, 0xff, 3}, 3, DIRECTION_OUT, false},
		{NULL, LINK_PPP_WITH_DIR, -1, {0}, 0, DIRECTION_UNKNOWN, false},
		{NULL, LINK_PPP_PPPD, -1, {1, 3, 0, 0x21}, 4, DIRECTION_OUT, false},
		{NULL, LINK_CHDLC_WITH_DIR, -1, {0, 0x0f}, 2, DIRECTION_IN, false},
		{NULL, LINK_FRELAY_WITH_DIR, -1, {7}, 1, DIRECTION_OUT, false},
		{NULL, LINK_PPP, -1, {1, 0xff, 3}, 3, DIRECTION_UNKNOWN, false},
		{NULL, LINK_NULL, -1, {2, 0, 0, 0}, 4, DIRECTION_UNKNOWN, true},
		{NULL, LINK_LOOP, -1, {2, 0, 0, 0}, 4, DIRECTION_UNKNOWN, true},
		{"utun3", LINK_NULL, -1, {2, 0, 0, 0}, 4, DIRECTION_UNKNOWN, false},
		{"tun0", LINK_LOOP, -1, {2, 0, 0, 0}, 4, DIRECTION_UNKNOWN, false},
		{"lo0", LINK_NULL, -1, {2, 0, 0, 0}, 4, DIRECTION_UNKNOWN, true},
		{"lo12", LINK_LOOP, -1, {2, 0, 0, 0}, 4, DIRECTION_UNKNOWN, true},
		{"\\Device\\NPF_Loopback", LINK_NULL, -1, {2, 0, 0, 0}, 4, DIRECTION_UNKNOWN, true},
		{"lo", LINK_ETHERNET, 2, {0}, 4, DIRECTION_OUT, true},
		{"lob", LINK_ETHERNET, 2, {0}, 4, DIRECTION_OUT, false},
		{"l", LINK_ETHERNET, -1, {0}, 4, DIRECTION_UNKNOWN, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct capture capture = {.big_endian = i & 1};
		struct source *source;
		struct frame frame;
		int fd;

		put_flagged(&capture, rows[i].link_type, rows[i].name, rows[i].bytes, rows[i].length, rows[i].flags);
		source = open_capture(&capture, &fd);
		assert_int_equal(source->next(source, &frame), 1);
		assert_int_equal(frame.direction, rows[i].direction);
		assert_int_equal(frame.loopback, rows[i].loopback);
		assert_end(source, fd);
	}
}

static void test_packet_options(void **state)
{
	static const struct {
		uint32_t flags;
		enum direction direction;
		enum checksum_offload offload;
		const char *comment;
	} options[] = {
		{0, DIRECTION_UNKNOWN, OFFLOAD_NONE, "a comment"},
		{1, DIRECTION_IN, OFFLOAD_NONE, ""},
		{2, DIRECTION_OUT, OFFLOAD_NONE, NULL},
		{3, DIRECTION_UNKNOWN, OFFLOAD_NONE, NULL},
		{2 | 1 << 9, DIRECTION_OUT, OFFLOAD_PENDING, "two\nlines"},
		{1 | 1 << 10, DIRECTION_IN, OFFLOAD_VALID, NULL},
		{0xfffff9fd, DIRECTION_IN, OFFLOAD_NONE, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		struct capture capture = {.big_endian = i & 1};
		struct source *source;
		struct frame frame;
		int fd;

		section(&capture);
		interface(&capture, LINK_ETHERNET, 0);
		open_packet(&capture, 0, 1, "hello");
		option(&capture, 4711, "not known", 9);
		option_number(&capture, PACKET_FLAGS, options[i].flags, 4);
		if (options[i].comment) {
			option(&capture, OPTION_COMMENT, options[i].comment, strlen(options[i].comment));
			option(&capture, OPTION_COMMENT, "another", 7);
		}
		option(&capture, OPTION_END, "", 0);
		close_block(&capture);
		source = open_capture(&capture, &fd);
		assert_next(source, &frame, "hello");
		assert_int_equal(frame.length, 1005);
		assert_int_equal(frame.direction, options[i].direction);
		assert_int_equal(frame.offload, options[i].offload);
		assert_int_equal(frame.block->type, PCAPNG_ENHANCED_PACKET);
		assert_int_equal(frame.block->captured, 5);
		assert_int_equal(frame.block->swapped, i & 1);
		assert_int_equal(frame.block->length, capture.length - capture.block);
		assert_memory_equal(frame.block->bytes, capture.bytes + capture.block, frame.block->length);
		assert_end(source, fd);
	}
}

static void simple_packet(struct capture *capture, uint32_t length, const char *bytes)
{
	open_block(capture, PCAPNG_SIMPLE_PACKET);
	put32(capture, length);
	put(capture, bytes, strlen(bytes));
	close_block(capture);
}

static void test_other_blocks(void **state)
{
	struct capture capture = {0};
	struct source *source;
	struct frame frame;
	int fd;

	(void)state;
	section(&capture);
	interface(&capture, LINK_ETHERNET, 4);
	open_block(&capture, 0x0bad);
	put(&capture, "custom", 6);
	close_block(&capture);
	simple_packet(&capture, 3, "abc");
	simple_packet(&capture, 40, "abcd");
	simple_packet(&capture, 40, "abcdefgh"); /* more than the snaplen allows */
	open_block(&capture, PCAPNG_OBSOLETE_PACKET);
	put16(&capture, 0);
	put16(&capture, 99);
	put32(&capture, 0);
	put32(&capture, 77);
	put32(&capture, 5);
	put32(&capture, 50);
	put(&capture, "older", 5);
	pad(&capture);
	option_number(&capture, PACKET_FLAGS, FLAG_OUTBOUND, 4);
	close_block(&capture);
	source = open_capture(&capture, &fd);
	assert_next(source, &frame, "abc");
	assert_int_equal(frame.length, 3);
	assert_false(frame.has_time);
	for (int i = 0; i < 2; i++) {
		assert_next(source, &frame, "abcd");
		assert_int_equal(frame.length, 40);
		assert_false(frame.has_time);
	}
	assert_next(source, &frame, "older");
	assert_int_equal(frame.length, 50);
	assert_true(frame.has_time);
	assert_int_equal(frame.time_ns, 77000);
	assert_int_equal(frame.direction, DIRECTION_OUT);
	assert_int_equal(frame.number, 4);
	assert_end(source, fd);
}

/* Packets much longer than the buffer, with short ones between them. */
static void test_long_packets(void **state)
{
	enum { LONG = 3 << 20 };
	struct capture capture = {0};
	struct source *source;
	struct frame frame;
	uint8_t *bytes = malloc(LONG);
	int fd;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < LONG; i++)
		bytes[i] = i * 2654435761u >> 24;
	pcap_header(&capture, PCAP_MAGIC_MICRO, LONG, LINK_ETHERNET);
	fd = readable(capture.bytes, capture.length);
	assert_true(fd >= 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), capture.length);
	capture.length = 0;
	pcap_record(&capture, 1, 1, "short");
	put32(&capture, 1);
	put32(&capture, 1);
	put32(&capture, LONG);
	put32(&capture, LONG);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(write(fd, capture.bytes, capture.length), capture.length);
		assert_int_equal(write(fd, bytes, LONG), LONG);
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	source = savefile_read_open(fd, "long");
	for (int i = 0; i < 3; i++) {
		assert_next(source, &frame, "short");
		assert_int_equal(source->next(source, &frame), 1);
		assert_int_equal(frame.captured, LONG);
		assert_memory_equal(frame.bytes, bytes, LONG);
	}
	assert_end(source, fd);
	free(bytes);
}

/* One byte arrives at a time; next() never blocks. */
static void test_pipe(void **state)
{
	struct capture capture = {0};
	struct source *source;
	struct frame frame;
	int frames = 0, ret, ends[2];

	(void)state;
	section(&capture);
	interface(&capture, LINK_ETHERNET, 0);
	packet(&capture, 0, 1, "one");
	capture.big_endian = true;
	section(&capture);
	interface(&capture, LINK_ETHERNET, 0);
	packet(&capture, 0, 2, "two");
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	source = savefile_read_open(ends[0], "-");
	for (size_t i = 0; i < capture.length; i++) {
		assert_int_equal(source->next(source, &frame), 0);
		assert_int_equal(write(ends[1], capture.bytes + i, 1), 1);
		if (i + 1 < capture.length && i + 1 != capture.length / 2)
			continue;
		ret = source->next(source, &frame);
		assert_int_equal(ret, 1);
		assert_int_equal(frame.number, ++frames);
	}
	assert_int_equal(frames, 2);
	close(ends[1]);
	assert_end(source, ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap_variants),  cmocka_unit_test(test_pcap_versions),
		cmocka_unit_test(test_pcap_link_type), cmocka_unit_test(test_time_resolution),
		cmocka_unit_test(test_sections),       cmocka_unit_test(test_link_origin),
		cmocka_unit_test(test_packet_options), cmocka_unit_test(test_other_blocks),
		cmocka_unit_test(test_long_packets),   cmocka_unit_test(test_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
