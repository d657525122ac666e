/* SPDX-License-Identifier: BSD-2-Clause */
/* The writers of capture files: what is written is read back, and inspected block by block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "savefile/pcap_format.h"
#include "savefile/savefile_read.h"
#include "savefile/savefile_write.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static char directory[] = "/tmp/test_pcap_write.XXXXXX";
static char pcapng_path[64], pcap_path[64];

static const struct interface interfaces[] = {
	{.id = 0, .name = "eth0", .link_type = LINK_ETHERNET, .snaplen = 262144},
	{.id = 1, .name = "lo", .link_type = LINK_ETHERNET, .snaplen = 96, .loopback = true},
	{.id = 9, .name = NULL, .link_type = LINK_RAW},
};

#define BYTES(text) .bytes = (const uint8_t *)(text), .captured = sizeof(text) - 1
#define AT(ns)      .time_ns = (ns), .has_time = true

static const struct frame frames[] = {
	{BYTES("a"), .length = 60, AT(INT64_C(1700000000123456789)), .interface = &interfaces[0]},
	{BYTES("ab"), .length = 2, AT(0), .direction = DIRECTION_IN, .interface = &interfaces[1]},
	{BYTES("abc"), .length = 3, AT(1), .direction = DIRECTION_OUT, .interface = &interfaces[0]},
	{BYTES("abcd"), .length = 4, AT(INT64_C(4294967295999999999)), .interface = &interfaces[2]},
	{BYTES("abcde"), .length = 5, AT(2), .offload = OFFLOAD_PENDING, .interface = &interfaces[0]},
	{BYTES(""), .length = 1500, AT(2), .offload = OFFLOAD_VALID, .interface = &interfaces[2]},
	{BYTES("abcdef"), .length = 6, AT(3), .direction = DIRECTION_OUT, .interface = &interfaces[1]},
	{BYTES("simple"), .length = 6, .interface = &interfaces[0]},
};

static struct sink *open_sink(struct savefile_write_options options, const char *path)
{
	struct sink *sink;

	options.path = path;
	sink = savefile_write_open(&options);
	assert_non_null(sink);
	return sink;
}

static int write_frame(struct sink *sink, const struct frame *frame)
{
	struct packet packet = {.frame = frame};

	return sink->packet(sink, &packet);
}

static void finish(struct sink *sink)
{
	assert_int_equal(sink->finish(sink), 0);
	sink->close(sink);
}

static struct source *open_source(const char *path, int *fd)
{
	struct source *source;

	*fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(*fd >= 0);
	source = savefile_read_open(*fd, path);
	assert_non_null(source);
	return source;
}

static void assert_end(struct source *source, int fd)
{
	struct frame frame;

	assert_int_equal(source->next(source, &frame), -ENODATA);
	assert_string_equal(savefile_read_error(source), "");
	savefile_read_close(source);
	close(fd);
}

static void assert_same_bytes(const struct frame *read, const struct frame *written)
{
	assert_int_equal(read->captured, written->captured);
	assert_memory_equal(read->bytes, written->bytes, written->captured);
	assert_int_equal(read->length, written->length);
	assert_int_equal(read->time_ns, written->time_ns);
}

static void assert_same(const struct frame *read, const struct frame *written)
{
	assert_same_bytes(read, written);
	assert_int_equal(read->has_time, written->has_time);
	assert_int_equal(read->direction, written->direction);
	assert_int_equal(read->offload, written->offload);
	assert_int_equal(read->interface->link_type, written->interface->link_type);
	assert_int_equal(read->interface->snaplen, written->interface->snaplen);
	assert_int_equal(read->interface->loopback, written->interface->loopback);
	assert_int_equal(read->interface->name == NULL, written->interface->name == NULL);
	if (written->interface->name)
		assert_string_equal(read->interface->name, written->interface->name);
}

static void test_round_trip(void **state)
{
	struct sink *sink = open_sink((struct savefile_write_options){0}, pcapng_path);
	struct source *source;
	struct frame frame;
	int fd;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		assert_int_equal(write_frame(sink, &frames[i]), 0);
	finish(sink);
	source = open_source(pcapng_path, &fd);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		assert_int_equal(source->next(source, &frame), 1);
		assert_same(&frame, &frames[i]);
	}
	assert_end(source, fd);
}

/* A pcap file has one link type, and keeps bytes, lengths and times. */
static void test_pcap(void **state)
{
	struct sink *sink = open_sink((struct savefile_write_options){0}, pcap_path);
	struct source *source;
	struct frame frame;
	int fd;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		assert_int_equal(write_frame(sink, &frames[i]), frames[i].interface->id == 9 ? -EPROTOTYPE : 0);
	assert_int_equal(savefile_write_interface(sink, &interfaces[1]), 0);
	assert_int_equal(savefile_write_interface(sink, &interfaces[2]), -EPROTOTYPE);
	finish(sink);
	source = open_source(pcap_path, &fd);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		if (frames[i].interface->id == 9)
			continue;
		assert_int_equal(source->next(source, &frame), 1);
		assert_same_bytes(&frame, &frames[i]);
		assert_int_equal(frame.interface->snaplen, 262144);
	}
	assert_end(source, fd);
}

/* A pcap file has one snaplen, which must hold for later interfaces too: never less than libpcap's largest. */
static void test_snaplen_of_pcap(void **state)
{
	static const struct interface others[] = {
		{.link_type = LINK_ETHERNET, .snaplen = 96},
		{.link_type = LINK_ETHERNET, .snaplen = 0},
		{.link_type = LINK_ETHERNET, .snaplen = PCAP_SNAPLEN + 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		const struct frame written = {BYTES("a"), .length = 1, AT(1), .interface = &others[i]};
		struct sink *sink = open_sink((struct savefile_write_options){0}, pcap_path);
		struct source *source;
		struct frame frame;
		int fd;

		assert_int_equal(write_frame(sink, &written), 0);
		finish(sink);
		source = open_source(pcap_path, &fd);
		assert_int_equal(source->next(source, &frame), 1);
		assert_int_equal(frame.interface->snaplen, PCAP_SNAPLEN + (i == 2));
		assert_end(source, fd);
	}
}

/* A time that the format cannot say is refused, not written as another. */
static void test_times(void **state)
{
	static const struct {
		struct frame frame;
		int pcap, pcapng;
	} cases[] = {
		{{AT(-1)}, -EOVERFLOW, -EOVERFLOW},
		{{AT(INT64_MIN)}, -EOVERFLOW, -EOVERFLOW},
		{{AT(INT64_C(4294967295999999999))}, 0, 0},
		{{AT(INT64_C(4294967296000000000))}, -EOVERFLOW, 0},
		{{AT(INT64_MAX)}, -EOVERFLOW, 0},
		{{.time_is_beyond = true}, -EOVERFLOW, -EOVERFLOW},
		{{.has_time = false}, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct frame frame = cases[i].frame;
		struct sink *sink = open_sink((struct savefile_write_options){0}, pcap_path);

		frame.interface = &interfaces[0];
		frame.bytes = (const uint8_t *)"";
		assert_int_equal(write_frame(sink, &frame), cases[i].pcap);
		finish(sink);
		sink = open_sink((struct savefile_write_options){0}, pcapng_path);
		assert_int_equal(write_frame(sink, &frame), cases[i].pcapng);
		finish(sink);
	}
}

/* Read a whole file into `bytes`. Returns its length. */
static size_t load(const char *path, uint8_t *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, bytes, size);

	assert_true(fd >= 0 && length >= 0 && (size_t)length < size);
	close(fd);
	return length;
}

/* The n-th block of this type, from 0; NULL: there is none. */
static const uint8_t *find_block(const uint8_t *bytes, size_t length, uint32_t type, int n)
{
	struct pcapng_block_header block;

	for (size_t at = 0; at < length; at += block.length) {
		memcpy(&block, bytes + at, sizeof(block));
		if (block.type == type && n-- == 0)
			return bytes + at;
	}
	return NULL;
}

/* A block, whose options begin after `body` bytes, has this option; value NULL: does not have it. */
static void assert_option(const uint8_t *block, size_t body, uint16_t code, const void *value, size_t length)
{
	const uint8_t *at = block + sizeof(struct pcapng_block_header) + body;
	struct pcapng_option option;

	for (memcpy(&option, at, 4); option.code && option.code != code; memcpy(&option, at, 4))
		at += 4 + option.length + pcapng_padding(option.length);
	assert_int_equal(option.code, value ? code : OPTION_END);
	if (value) {
		assert_int_equal(option.length, length);
		assert_memory_equal(at + 4, value, length);
	}
}

static void assert_number(const uint8_t *block, size_t body, uint16_t code, uint64_t value)
{
	assert_option(block, body, code, &value, sizeof(value));
}

static void count(void *context, struct savefile_counters *counters)
{
	assert_string_equal(context, "context");
	*counters = (struct savefile_counters){.received = 1000, .accepted = 30, .dropped = 7};
}

static void test_descriptions(void **state)
{
	enum { SECTION = sizeof(struct pcapng_section), INTERFACE = sizeof(struct pcapng_interface) };
	enum { STATISTICS = sizeof(struct pcapng_statistics) };
	struct savefile_write_options options = {
		.filter = "tcp port 80",
		.application = "sniffer 1.0",
		.counters = count,
		.context = "context",
	};
	const uint32_t start[] = {0, 1}, end[] = {INT64_C(1700000000123456789) >> 32, (uint32_t)1700000000123456789};
	struct sink *sink = open_sink(options, pcapng_path);
	static uint8_t bytes[65536];
	const uint8_t *block;
	size_t length;

	(void)state;
	assert_int_equal(write_frame(sink, &frames[0]), 0);
	assert_int_equal(write_frame(sink, &frames[2]), 0);
	assert_int_equal(savefile_write_interface(sink, &interfaces[1]), 0);
	assert_int_equal(savefile_write_interface(sink, &interfaces[0]), 0);
	finish(sink);
	length = load(pcapng_path, bytes, sizeof(bytes));
	assert_option(find_block(bytes, length, PCAPNG_SECTION, 0), SECTION, SECTION_APPLICATION, "sniffer 1.0", 11);
	block = find_block(bytes, length, PCAPNG_INTERFACE, 0);
	assert_option(block, INTERFACE, INTERFACE_NAME, "eth0", 4);
	assert_option(block, INTERFACE, INTERFACE_RESOLUTION, "\x09", 1);
	assert_option(block, INTERFACE, INTERFACE_FILTER, "\0tcp port 80", 12);
	assert_option(find_block(bytes, length, PCAPNG_INTERFACE, 1), INTERFACE, INTERFACE_NAME, "lo", 2);
	assert_null(find_block(bytes, length, PCAPNG_INTERFACE, 2));
	block = find_block(bytes, length, PCAPNG_STATISTICS, 0);
	assert_option(block, STATISTICS, STATISTICS_START, start, sizeof(start));
	assert_option(block, STATISTICS, STATISTICS_END, end, sizeof(end));
	assert_number(block, STATISTICS, STATISTICS_RECEIVED, 1000);
	assert_number(block, STATISTICS, STATISTICS_DROPPED, 7);
	assert_number(block, STATISTICS, STATISTICS_ACCEPTED, 30);
	assert_number(block, STATISTICS, STATISTICS_DELIVERED, 2);
	block = find_block(bytes, length, PCAPNG_STATISTICS, 1);
	assert_number(block, STATISTICS, STATISTICS_DELIVERED, 0);
	assert_option(block, STATISTICS, STATISTICS_RECEIVED, NULL, 0);
	assert_null(find_block(bytes, length, PCAPNG_STATISTICS, 2));
}

/* A file without packets has what other readers require: in pcap the header, in pcapng an interface. */
static void test_empty(void **state)
{
	const char *paths[] = {pcapng_path, pcap_path};
	static uint8_t bytes[4096];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct source *source;
		int fd;

		finish(open_sink((struct savefile_write_options){0}, paths[i]));
		source = open_source(paths[i], &fd);
		assert_end(source, fd);
	}
	assert_non_null(find_block(bytes, load(pcapng_path, bytes, sizeof(bytes)), PCAPNG_INTERFACE, 0));
	assert_int_equal(load(pcap_path, bytes, sizeof(bytes)), sizeof(struct pcap_file_header));
}

/* At every moment, without finish(), the file has every packet up to the last flush, and none that is incomplete. */
static void test_readable_at_every_moment(void **state)
{
	static const uint8_t bytes[1000];
	struct frame frame = {.bytes = bytes, .captured = 999, .length = 999, AT(1), .interface = &interfaces[0]};
	struct sink *sink = open_sink((struct savefile_write_options){0}, pcapng_path);
	uint64_t read = 0;

	(void)state;
	for (uint64_t written = 1; written <= 2000; written++) {
		struct source *source;
		struct frame back;
		uint64_t before = read;
		int fd;

		assert_int_equal(write_frame(sink, &frame), 0);
		if (written % 50)
			continue;
		if (written % 1000 == 0)
			assert_int_equal(sink->flush(sink), 0);
		source = open_source(pcapng_path, &fd);
		for (read = 0; source->next(source, &back) == 1; read++)
			assert_int_equal(back.captured, 999);
		assert_end(source, fd);
		assert_true(read >= before && read <= written);
		assert_true(written % 1000 || read == written);
	}
	sink->close(sink);
}

/* Frames longer than any buffer, between short ones. */
static void test_long_frames(void **state)
{
	enum { LONG = 2000001 };
	uint8_t *bytes = malloc(LONG);
	struct frame long_frame = {
		.bytes = bytes, .captured = LONG, .length = LONG, AT(1), .interface = &interfaces[2]};
	const char *paths[] = {pcapng_path, pcap_path};

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < LONG; i++)
		bytes[i] = i * 2654435761u >> 24;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct sink *sink = open_sink((struct savefile_write_options){0}, paths[i]);
		struct interface large = {.id = 0, .link_type = LINK_RAW, .snaplen = LONG};
		const struct frame *order[] = {&frames[3], &long_frame, &frames[3]};
		struct source *source;
		struct frame frame;
		int fd;

		assert_int_equal(savefile_write_interface(sink, &large), 0);
		for (size_t n = 0; n < ARRAY_SIZE(order); n++)
			assert_int_equal(write_frame(sink, order[n]), 0);
		finish(sink);
		source = open_source(paths[i], &fd);
		for (size_t n = 0; n < ARRAY_SIZE(order); n++) {
			assert_int_equal(source->next(source, &frame), 1);
			assert_same_bytes(&frame, order[n]);
		}
		assert_end(source, fd);
	}
	free(bytes);
}

/* The disk fills up in the middle of a block: the error is returned, then and later, and the file ends with the block
 * before it. */
static void test_full_disk(void **state)
{
	const struct rlimit limit = {.rlim_cur = 100001, .rlim_max = RLIM_INFINITY};
	const struct rlimit no_limit = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
	static const uint8_t bytes[1000];
	struct frame frame = {.bytes = bytes, .captured = 1000, .length = 1000, AT(1), .interface = &interfaces[0]};
	const struct {
		const char *path;
		uint64_t frames; /* that fit */
	} files[] = {{pcapng_path, 96}, {pcap_path, 98}};

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct sink *sink = open_sink((struct savefile_write_options){0}, files[i].path);
		struct source *source;
		struct frame back;
		uint64_t read = 0;
		int fd, ret = 0;

		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		for (int n = 0; n < 10000 && ret == 0; n++)
			ret = write_frame(sink, &frame);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &no_limit), 0);
		assert_int_equal(ret, -EFBIG);
		assert_int_equal(write_frame(sink, &frame), -EFBIG);
		assert_int_equal(sink->flush(sink), -EFBIG);
		assert_int_equal(sink->tick(sink, 1), -EFBIG);
		assert_int_equal(sink->finish(sink), -EFBIG);
		assert_int_equal(sink->written(sink), files[i].frames);
		sink->close(sink);
		source = open_source(files[i].path, &fd);
		while (source->next(source, &back) == 1)
			read++;
		assert_int_equal(read, files[i].frames);
		assert_end(source, fd);
	}
}

/* Packets count as written when the file or pipe has them whole, however large, and descriptions do not. */
static void test_written(void **state)
{
	static const uint8_t bytes[1000];
	struct frame frame = {.bytes = bytes, .captured = 1000, .length = 1000, AT(1), .interface = &interfaces[0]};
	const struct {
		struct savefile_write_options options;
		const char *path;
	} ways[] = {
		{{0}, pcapng_path},
		{{0}, pcap_path},
		{{.many_devices = true}, pcap_path},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct sink *sink = open_sink(ways[i].options, ways[i].path);

		assert_int_equal(sink->written(sink), 0);
		assert_int_equal(write_frame(sink, &frame), 0);
		assert_int_equal(write_frame(sink, &frame), 0);
		assert_int_equal(sink->written(sink), 0);
		assert_int_equal(sink->flush(sink), 0);
		assert_int_equal(sink->written(sink), 2);
		for (int n = 0; n < 2000; n++)
			assert_int_equal(write_frame(sink, &frame), 0);
		assert_in_range(sink->written(sink), 1000, 2001);
		assert_int_equal(sink->finish(sink), 0);
		assert_int_equal(sink->written(sink), 2002);
		sink->close(sink);
	}
}

static void test_open_errors(void **state)
{
	static const struct {
		struct savefile_write_options options;
		int error;
	} errors[] = {
		{{.path = "/nowhere/at/all"}, ENOENT},
		{{.path = "/"}, EISDIR},
		{{.path = "/tmp"}, EISDIR},
		{{.path = "/dev/full"}, ENOSPC},
		{{.path = "-", .rotation.bytes = 1}, EINVAL},
		{{.path = "-", .rotation.seconds = 1}, EINVAL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		errno = 0;
		assert_null(savefile_write_open(&errors[i].options));
		assert_int_equal(errno, errors[i].error);
	}
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(pcapng_path, sizeof(pcapng_path), "%s/file.pcapng", directory);
	snprintf(pcap_path, sizeof(pcap_path), "%s/file.pcap", directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(pcapng_path);
	unlink(pcap_path);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),      cmocka_unit_test(test_pcap),
		cmocka_unit_test(test_snaplen_of_pcap), cmocka_unit_test(test_times),
		cmocka_unit_test(test_descriptions),    cmocka_unit_test(test_empty),
		cmocka_unit_test(test_long_frames),     cmocka_unit_test(test_readable_at_every_moment),
		cmocka_unit_test(test_full_disk),       cmocka_unit_test(test_written),
		cmocka_unit_test(test_open_errors),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
