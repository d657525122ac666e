/* SPDX-License-Identifier: BSD-2-Clause */
/* From pcapng to pcapng, in both byte orders: what is kept, what is changed, and what is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture_builder.h"
#include "savefile/savefile_read.h"
#include "savefile/savefile_write.h"

enum { DROPPED = 4, NAME_RECORD_IPV4 = 1, CUSTOM = 0xbad };

static char directory[] = "/tmp/test_pcapng_copy.XXXXXX";
static char path[64];

/* What is done to the packets on their way. */
struct way {
	uint32_t skip;    /* every packet whose number is a multiple of this; 0: none */
	uint32_t snaplen; /* 0: not cut */
	uint64_t bytes;   /* of a rotation */
	const char *filter;
};

static void copy_block(void *context, const struct file_block *block)
{
	assert_int_equal(savefile_write_block(context, block), 0);
}

static void copy(const struct capture *capture, const struct way *way)
{
	const struct savefile_write_options options = {
		.path = path,
		.filter = way->filter,
		.waits = true,
		.rotation.bytes = way->bytes,
	};
	int fd = readable(capture->bytes, capture->length);
	struct source *source = savefile_read_open(fd, "made");
	struct sink *sink = savefile_write_open(&options);
	struct frame frame;

	assert_non_null(source);
	assert_non_null(sink);
	savefile_read_on_block(source, copy_block, sink);
	while (source->next(source, &frame) == 1) {
		struct packet packet = {.frame = &frame};

		if (way->snaplen && frame.captured > way->snaplen)
			frame.captured = way->snaplen;
		if (!way->skip || frame.number % way->skip)
			assert_int_equal(sink->packet(sink, &packet), 0);
	}
	assert_string_equal(savefile_read_error(source), "");
	assert_int_equal(sink->finish(sink), 0);
	sink->close(sink);
	savefile_read_close(source);
	close(fd);
}

/* The file has exactly these bytes. */
static void assert_file(const char *name, const struct capture *wanted)
{
	static uint8_t bytes[8192];
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, bytes, sizeof(bytes));

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(length, wanted->length);
	assert_memory_equal(bytes, wanted->bytes, wanted->length);
	assert_int_equal(unlink(name), 0);
}

/* A section with everything; `original`: with what must not be copied, too. */
static void begin(struct capture *capture, bool original)
{
	open_block(capture, PCAPNG_SECTION);
	put32(capture, PCAPNG_BYTE_ORDER);
	put16(capture, PCAPNG_MAJOR);
	put16(capture, PCAPNG_MINOR);
	put64(capture, original ? 4711 : UINT64_MAX);
	option(capture, OPTION_COMMENT, "section", 7);
	option(capture, SECTION_HARDWARE, "PDP-11", 6);
	if (original)
		option(capture, OPTION_CUSTOM_TEXT_NO_COPY, "\0\0\0\1secret", 10);
	option(capture, OPTION_END, "", 0);
	close_block(capture);
}

static void describe(struct capture *capture, const char *filter)
{
	open_interface(capture, LINK_ETHERNET, 0);
	option(capture, INTERFACE_NAME, "eth0", 4);
	option_number(capture, INTERFACE_RESOLUTION, 3, 1);
	option_number(capture, INTERFACE_OFFSET, UINT64_C(0) - 1000000, 8);
	if (filter) {
		char value[64] = "";

		snprintf(value + 1, sizeof(value) - 1, "%s", filter);
		option(capture, INTERFACE_FILTER, value, (uint16_t)(1 + strlen(filter)));
	}
	option(capture, OPTION_END, "", 0);
	close_block(capture);
}

static void other_blocks(struct capture *capture, bool original)
{
	open_block(capture, PCAPNG_NAME_RESOLUTION);
	option(capture, NAME_RECORD_IPV4, "\12\11\0\1host", 9);
	option(capture, OPTION_END, "", 0);
	option(capture, OPTION_COMMENT, "names", 5);
	if (original)
		option(capture, OPTION_CUSTOM_BYTES_NO_COPY, "\0\0\0\1xy", 6);
	option(capture, OPTION_END, "", 0);
	close_block(capture);
	open_block(capture, PCAPNG_DECRYPTION_SECRETS);
	put32(capture, 0x544c534b);
	put32(capture, 5);
	put(capture, "key\n\n", 5);
	close_block(capture);
	open_block(capture, CUSTOM);
	put32(capture, 1);
	put(capture, "copied", 6);
	close_block(capture);
	if (original) {
		open_block(capture, PCAPNG_CUSTOM_NO_COPY);
		put32(capture, 1);
		put(capture, "not copied", 10);
		close_block(capture);
	}
	open_block(capture, 0x80001234);
	put(capture, "unknown", 7);
	close_block(capture);
}

/* A packet whose options are of every kind; `bytes` and `hash` as they are in the copy. */
static void full_packet(struct capture *capture, const char *bytes, uint32_t length, bool hash, bool original)
{
	open_block(capture, PCAPNG_ENHANCED_PACKET);
	put32(capture, 0);
	put32(capture, 0xffffffff); /* a time that no year has */
	put32(capture, 1);
	put32(capture, (uint32_t)strlen(bytes));
	put32(capture, length);
	put(capture, bytes, strlen(bytes));
	pad(capture);
	option(capture, OPTION_COMMENT, "one", 3);
	option_number(capture, PACKET_FLAGS, 1, 4);
	if (hash)
		option(capture, PACKET_HASH, "\2abcd", 5);
	option_number(capture, DROPPED, 7, 8);
	if (original)
		option(capture, OPTION_CUSTOM_TEXT_NO_COPY, "\0\0\0\1z", 5);
	option(capture, OPTION_END, "", 0);
	close_block(capture);
}

static void statistics(struct capture *capture, uint32_t interface_number, uint64_t delivered)
{
	open_block(capture, PCAPNG_STATISTICS);
	put32(capture, interface_number);
	put64(capture, 5);
	option(capture, OPTION_COMMENT, "counts", 6);
	option_number(capture, STATISTICS_RECEIVED, 1000, 8);
	option_number(capture, STATISTICS_ACCEPTED, delivered, 8);
	option_number(capture, STATISTICS_DELIVERED, delivered, 8);
	option(capture, OPTION_END, "", 0);
	close_block(capture);
}

/* The second interface has no packets, and a filter of its own. */
static void build_with(struct capture *capture, bool original, const char *filter, const char *second)
{
	begin(capture, original);
	describe(capture, filter);
	describe(capture, second);
	other_blocks(capture, original);
	full_packet(capture, "four", 60, true, original);
	full_packet(capture, "sixsix", 6, true, original);
	statistics(capture, 0, 2);
	statistics(capture, 1, 2);
}

static void build(struct capture *capture, bool original)
{
	build_with(capture, original, NULL, "ip");
}

static void everything(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		struct capture original = {.big_endian = order}, wanted = {.big_endian = order};

		build(&original, true);
		build(&wanted, false);
		copy(&original, &(struct way){0});
		assert_file(path, &wanted);
		/* A second time nothing changes; the filter is told where there was none. */
		copy(&wanted, &(struct way){0});
		assert_file(path, &wanted);
		wanted.length = 0;
		build_with(&wanted, false, "udp", "ip; then udp");
		copy(&original, &(struct way){.filter = "udp"});
		assert_file(path, &wanted);
		copy(&wanted, &(struct way){.filter = "udp"});
		assert_file(path, &wanted);
		/* A filter that is there already is not told twice. */
		original.length = wanted.length = 0;
		build_with(&original, false, "udp", "udp and port 53");
		build_with(&wanted, false, "udp", "udp and port 53; then udp");
		copy(&original, &(struct way){.filter = "udp"});
		assert_file(path, &wanted);
	}
}

/* The counts of the interface from which a packet was left out are those of the copy. */
static void counts(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		struct capture original = {.big_endian = order}, wanted = {.big_endian = order};

		build(&original, true);
		begin(&wanted, false);
		describe(&wanted, NULL);
		describe(&wanted, "ip");
		other_blocks(&wanted, false);
		full_packet(&wanted, "four", 60, true, false);
		statistics(&wanted, 0, 1);
		statistics(&wanted, 1, 2);
		copy(&original, &(struct way){.skip = 2});
		assert_file(path, &wanted);
	}
}

/* A cut packet loses the hash of its bytes, and a Simple Packet Block becomes one that can say how much is left. */
static void cuts(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		struct capture original = {.big_endian = order}, wanted = {.big_endian = order};

		section(&original);
		interface(&original, LINK_ETHERNET, 0);
		full_packet(&original, "four", 60, true, true);
		full_packet(&original, "sixsix", 6, true, true);
		open_block(&original, PCAPNG_SIMPLE_PACKET);
		put32(&original, 6);
		put(&original, "simple", 6);
		close_block(&original);
		section(&wanted);
		interface(&wanted, LINK_ETHERNET, 0);
		full_packet(&wanted, "four", 60, true, false);
		full_packet(&wanted, "sixsi", 6, false, false);
		open_block(&wanted, PCAPNG_ENHANCED_PACKET);
		put32(&wanted, 0);
		put64(&wanted, 0);
		put32(&wanted, 5);
		put32(&wanted, 6);
		put(&wanted, "simpl", 5);
		close_block(&wanted);
		copy(&original, &(struct way){.snaplen = 5});
		assert_file(path, &wanted);
	}
}

/* Each file of a rotation begins with the descriptions of the section that goes on. */
static void rotation(void **state)
{
	char name[sizeof(path) + 12];
	struct capture original = {0}, wanted = {0};

	(void)state;
	build(&original, true);
	begin(&wanted, false);
	describe(&wanted, NULL);
	describe(&wanted, "ip");
	other_blocks(&wanted, false);
	full_packet(&wanted, "four", 60, true, false);
	copy(&original, &(struct way){.bytes = 1});
	/* The first packet comes after descriptions that exceed the limit, so it begins a file itself. */
	snprintf(name, sizeof(name), "%s-2", path);
	wanted.length = 0;
	begin(&wanted, false);
	describe(&wanted, NULL);
	describe(&wanted, "ip");
	wanted.block = wanted.length;
	open_block(&wanted, PCAPNG_NAME_RESOLUTION);
	option(&wanted, NAME_RECORD_IPV4, "\12\11\0\1host", 9);
	option(&wanted, OPTION_END, "", 0);
	option(&wanted, OPTION_COMMENT, "names", 5);
	option(&wanted, OPTION_END, "", 0);
	close_block(&wanted);
	open_block(&wanted, PCAPNG_DECRYPTION_SECRETS);
	put32(&wanted, 0x544c534b);
	put32(&wanted, 5);
	put(&wanted, "key\n\n", 5);
	close_block(&wanted);
	full_packet(&wanted, "sixsix", 6, true, false);
	statistics(&wanted, 0, 2);
	statistics(&wanted, 1, 2);
	assert_file(name, &wanted);
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s-%d", path, i);
		assert_int_equal(unlink(name), 0);
	}
}

/* Without a packet and without a section the file is that of an empty capture, whatever came. */
static void nothing(void **state)
{
	const struct savefile_write_options options = {.path = path, .waits = true};
	struct sink *sink = savefile_write_open(&options);
	struct source *source;
	struct frame frame;
	int fd;

	(void)state;
	assert_non_null(sink);
	assert_int_equal(sink->finish(sink), 0);
	sink->close(sink);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	source = savefile_read_open(fd, path);
	assert_int_equal(source->next(source, &frame), -ENODATA);
	savefile_read_close(source);
	close(fd);
	assert_int_equal(unlink(path), 0);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/copy", directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything), cmocka_unit_test(counts),  cmocka_unit_test(cuts),
		cmocka_unit_test(rotation),   cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
