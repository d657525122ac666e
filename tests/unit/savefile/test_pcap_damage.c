/* SPDX-License-Identifier: BSD-2-Clause */
/* Damaged capture files: the frames before the damage, and the error message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "capture_builder.h"
#include "savefile/reader_internal.h"
#include "savefile/savefile_read.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static void pcap(struct capture *capture)
{
	pcap_header(capture, PCAP_MAGIC_MICRO, 65535, LINK_ETHERNET);
	pcap_record(capture, 1, 2, "one");
	pcap_record(capture, 1, 2, "three");
}

static void pcap_cut_file_header(struct capture *capture)
{
	pcap(capture);
	capture->length = 23;
}

static void pcap_cut_header(struct capture *capture)
{
	pcap(capture);
	capture->length -= 6;
}

static void pcap_cut_packet(struct capture *capture)
{
	pcap(capture);
	capture->length--;
}

static void pcap_other_version(struct capture *capture)
{
	pcap(capture);
	capture->bytes[4] = 3;
}

static void pcap_long_packet(struct capture *capture)
{
	pcap(capture);
	put64(capture, 0);
	put32(capture, 262145);
	put32(capture, 262145);
}

static void pcap_absurd_snaplen(struct capture *capture)
{
	pcap_header(capture, PCAP_MAGIC_MICRO, UINT32_MAX, LINK_ETHERNET);
	put64(capture, 0);
	put32(capture, UINT32_MAX);
	put32(capture, UINT32_MAX);
}

/* 28 bytes of section, 20 of interface, 36 of packet; the next block begins at 84. */
static void pcapng(struct capture *capture)
{
	section(capture);
	interface(capture, LINK_ETHERNET, 0);
	packet(capture, 0, 1, "four");
}

static void cut_section(struct capture *capture)
{
	section(capture);
	capture->length = 11;
}

static void wrong_byte_order(struct capture *capture)
{
	section(capture);
	capture->bytes[8] = 0;
}

static void second_section_of_version_2(struct capture *capture)
{
	pcapng(capture);
	section(capture);
	capture->bytes[84 + 12] = 2;
}

static void cut_block_header(struct capture *capture)
{
	pcapng(capture);
	put32(capture, PCAPNG_ENHANCED_PACKET);
	put16(capture, 0);
}

static void cut_block(struct capture *capture)
{
	pcapng(capture);
	packet(capture, 0, 1, "four");
	capture->length--;
}

static void block_length(struct capture *capture, uint32_t length)
{
	pcapng(capture);
	put32(capture, PCAPNG_ENHANCED_PACKET);
	put32(capture, length);
	capture->length += 64;
}

static void block_of_8_bytes(struct capture *capture)
{
	block_length(capture, 8);
}

static void block_of_33_bytes(struct capture *capture)
{
	block_length(capture, 33);
}

static void block_of_2_gigabytes(struct capture *capture)
{
	block_length(capture, 0x80000000);
}

static void unequal_lengths(struct capture *capture)
{
	pcapng(capture);
	packet(capture, 0, 1, "four");
	capture->bytes[capture->length - 4] = 40;
}

static void short_body(struct capture *capture, uint32_t type)
{
	pcapng(capture);
	open_block(capture, type);
	close_block(capture);
}

static void short_interface(struct capture *capture)
{
	short_body(capture, PCAPNG_INTERFACE);
}

static void short_enhanced_packet(struct capture *capture)
{
	short_body(capture, PCAPNG_ENHANCED_PACKET);
}

static void short_obsolete_packet(struct capture *capture)
{
	short_body(capture, PCAPNG_OBSOLETE_PACKET);
}

static void short_simple_packet(struct capture *capture)
{
	short_body(capture, PCAPNG_SIMPLE_PACKET);
}

static void captured_beyond_block(struct capture *capture)
{
	pcapng(capture);
	packet(capture, 0, 1, "four");
	capture->bytes[84 + 20] = 5;
}

static void simple_beyond_block(struct capture *capture)
{
	pcapng(capture);
	open_block(capture, PCAPNG_SIMPLE_PACKET);
	put32(capture, UINT32_MAX);
	put32(capture, 0);
	close_block(capture);
}

static void unknown_interface(struct capture *capture)
{
	pcapng(capture);
	packet(capture, 1, 1, "four");
}

static void interface_of_last_section(struct capture *capture)
{
	pcapng(capture);
	section(capture);
	packet(capture, 0, 1, "four");
}

static void simple_without_interface(struct capture *capture)
{
	pcapng(capture);
	section(capture);
	open_block(capture, PCAPNG_SIMPLE_PACKET);
	put32(capture, 0);
	close_block(capture);
}

static void long_packet_option(struct capture *capture)
{
	pcapng(capture);
	open_packet(capture, 0, 1, "four");
	put16(capture, OPTION_COMMENT);
	put16(capture, 5);
	put32(capture, 0);
	close_block(capture);
}

static void short_flags(struct capture *capture)
{
	pcapng(capture);
	open_packet(capture, 0, 1, "four");
	option_number(capture, PACKET_FLAGS, 0, 2);
	close_block(capture);
}

static void long_resolution(struct capture *capture)
{
	pcapng(capture);
	open_interface(capture, LINK_ETHERNET, 0);
	option_number(capture, INTERFACE_RESOLUTION, 6, 2);
	close_block(capture);
}

static void short_offset(struct capture *capture)
{
	pcapng(capture);
	open_interface(capture, LINK_ETHERNET, 0);
	option_number(capture, INTERFACE_OFFSET, 6, 4);
	close_block(capture);
}

static const struct {
	void (*make)(struct capture *capture);
	uint64_t frames;
	const char *error;
} damages[] = {
	{pcap_cut_file_header, 0, "offset 0: the file ends after 23 of the 24 bytes of the file header"},
	{pcap_cut_header, 1, "offset 43: the file ends after 15 of the 16 bytes of a packet header"},
	{pcap_cut_packet, 1, "offset 43: the file ends after 20 of the 21 bytes of a packet"},
	{pcap_other_version, 0, "offset 0: it has version 3, but only version 2 is supported"},
	{pcap_long_packet, 2, "offset 64: a packet of 262145 captured bytes, where at most 262144 are possible"},
	{pcap_absurd_snaplen, 0,
	 "offset 24: a packet of 4294967295 captured bytes, where at most 16777216 are possible"},
	{cut_section, 0, "offset 0: the file ends after 11 of the 12 bytes of a section header"},
	{wrong_byte_order, 0, "offset 0: a section header with the byte order magic 0x1a2b3c00"},
	{second_section_of_version_2, 1, "offset 84: a section has version 2, but only version 1 is supported"},
	{cut_block_header, 1, "offset 84: the file ends after 6 of the 8 bytes of a block header"},
	{cut_block, 1, "offset 84: the file ends after 35 of the 36 bytes of a block"},
	{block_of_8_bytes, 1, "offset 84: a block has the impossible length of 8 bytes"},
	{block_of_33_bytes, 1, "offset 84: a block has the impossible length of 33 bytes"},
	{block_of_2_gigabytes, 1, "offset 84: a block has the impossible length of 2147483648 bytes"},
	{unequal_lengths, 1, "offset 84: a block has the length 36 at its start but 40 at its end"},
	{short_interface, 1, "offset 84: a block of type 1 of only 12 bytes"},
	{short_obsolete_packet, 1, "offset 84: a block of type 2 of only 12 bytes"},
	{short_simple_packet, 1, "offset 84: a block of type 3 of only 12 bytes"},
	{short_enhanced_packet, 1, "offset 84: a block of type 6 of only 12 bytes"},
	{captured_beyond_block, 1, "offset 84: a packet of 5 bytes in a block with room for 4"},
	{simple_beyond_block, 1, "offset 84: a packet of 4294967295 bytes in a block with room for 4"},
	{unknown_interface, 1, "offset 84: a packet of interface 1, but the number of interfaces is 1"},
	{interface_of_last_section, 1, "offset 112: a packet of interface 0, but the number of interfaces is 0"},
	{simple_without_interface, 1, "offset 112: a packet of interface 0, but the number of interfaces is 0"},
	{long_packet_option, 1, "offset 84: a block with an option of 5 bytes where 4 are left"},
	{short_flags, 1, "offset 84: packet flags of 2 bytes, not 4"},
	{long_resolution, 1, "offset 84: a time resolution of 2 bytes, not 1"},
	{short_offset, 1, "offset 84: a time offset of 4 bytes, not 8"},
};

/* Read to the end: this number of frames, then this error, also on later calls. "" is a clean end. */
static void assert_reads(const void *bytes, size_t length, uint64_t frames, const char *error)
{
	int fd = readable(bytes, length), ret, expected = *error ? -EBADMSG : -ENODATA;
	struct source *source = savefile_read_open(fd, "made");
	uint64_t number = 0;
	struct frame frame;
	char sentence[256];

	assert_true(fd >= 0);
	assert_non_null(source);
	while ((ret = source->next(source, &frame)) == 1)
		assert_int_equal(frame.number, ++number);
	if (strncmp(error, "offset", 6) == 0)
		snprintf(sentence, sizeof(sentence), "'made' is damaged at %s", error);
	else
		snprintf(sentence, sizeof(sentence), *error ? "'made' is %s" : "%s", error);
	assert_string_equal(savefile_read_error(source), sentence);
	assert_int_equal(ret, expected);
	assert_int_equal(number, frames);
	assert_int_equal(source->next(source, &frame), expected);
	assert_string_equal(savefile_read_error(source), sentence);
	savefile_read_close(source);
	close(fd);
}

static void test_damages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct capture capture = {0};

		damages[i].make(&capture);
		assert_reads(capture.bytes, capture.length, damages[i].frames, damages[i].error);
	}
}

/* Files that are no captures, and what they are. */
static void test_no_captures(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *error;
	} files[] = {
		{"", 0, ": it is empty"},
		{"\xd4\xc3\xb2", 3, ": it has only 3 bytes"},
		{"hello, world, how are you?", 26, ""},
		{"\xd4\xc3\xb2\xa2 and so on", 14, ""},
		{"\xfd"
		 "7zXZ\0\0\4",
		 8, " but compressed with xz: xz -dc FILE | bpfsniff -r -"},
		{"\x04\x22\x4d\x18\x64", 5, " but compressed with lz4: lz4 -dc FILE | bpfsniff -r -"},
		{"BZh91AY&SY", 10, " but compressed with bzip2: bzip2 -dc FILE | bpfsniff -r -"},
		{"snoop\0\0\0\0\0\0\2\0\0\0\4", 16, " but a snoop file: editcap FILE NEW.pcapng converts it"},
		/* ERF, one record of Ethernet */
		{"\0\0\0\0\0\xf1\x53\x65\2\4\0\x14\0\0\0\2abcd", 20,
		 " but an ERF file: editcap FILE NEW.pcapng converts it"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char error[256];

		snprintf(error, sizeof(error), "not a pcap or pcapng file%s", files[i].error);
		assert_reads(files[i].bytes, files[i].length, 0, error);
	}
}

/* A block that claims 16 MB, in a short file, takes only the memory of the file. */
static void test_claims(void **state)
{
	struct capture capture = {0};
	struct source *source;
	struct frame frame;
	int fd;

	(void)state;
	block_length(&capture, CAPTURE_BLOCK_MAX);
	fd = readable(capture.bytes, capture.length);
	source = savefile_read_open(fd, "made");
	assert_non_null(source);
	assert_int_equal(source->next(source, &frame), 1);
	assert_int_equal(source->next(source, &frame), -EBADMSG);
	assert_string_equal(savefile_read_error(source),
			    "'made' is damaged at offset 84: the file ends after 72 of the "
			    "16777216 bytes of a block");
	assert_in_range(((struct reader *)source)->stream.size, 1, CAPTURE_BLOCK_MAX / 16);
	savefile_read_close(source);
	close(fd);
}

static void test_read_error(void **state)
{
	int fd = open("/", O_RDONLY | O_CLOEXEC);
	struct source *source = savefile_read_open(fd, "/");
	struct frame frame;

	(void)state;
	assert_non_null(source);
	assert_int_equal(source->next(source, &frame), -EISDIR);
	assert_string_equal(savefile_read_error(source), "cannot read '/' at offset 0: Is a directory");
	savefile_read_close(source);
	savefile_read_close(NULL);
	close(fd);
}

static size_t pack_gzip(const struct capture *capture, uint8_t *packed, size_t size)
{
	z_stream stream = {.next_in = (uint8_t *)capture->bytes, .avail_in = capture->length};

	stream.next_out = packed;
	stream.avail_out = size;
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	size = stream.total_out;
	assert_int_equal(deflateEnd(&stream), Z_OK);
	return size;
}

static size_t pack_zstd(const struct capture *capture, uint8_t *packed, size_t size)
{
	size_t length = ZSTD_compress(packed, size, capture->bytes, capture->length, 3);

	assert_false(ZSTD_isError(length));
	return length;
}

static void test_packed(void **state)
{
	static const struct {
		size_t (*pack)(const struct capture *capture, uint8_t *packed, size_t size);
		const char *cut, *damaged;
		uint64_t frames; /* of a file that lacks its last byte: gzip ends with a checksum */
	} formats[] = {
		{pack_gzip, "offset 64: the gzip data ends early", "offset 64: the gzip data is damaged", 2},
		{pack_zstd, "offset 0: the zstd data ends early", "offset 64: the zstd data is damaged", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct capture capture = {0};
		uint8_t packed[2 * sizeof(capture.bytes)];
		size_t length, second;

		pcap(&capture);
		length = formats[i].pack(&capture, packed, sizeof(packed));
		assert_reads(packed, length, 2, "");
		assert_reads(packed, length - 1, formats[i].frames, formats[i].cut);
		/* A second member continues where the first ends. */
		memmove(capture.bytes, capture.bytes + sizeof(struct pcap_file_header), capture.length);
		capture.length -= sizeof(struct pcap_file_header);
		second = length;
		length += formats[i].pack(&capture, packed + length, sizeof(packed) - length);
		assert_reads(packed, length, 4, "");
		packed[second] ^= 0xff;
		assert_reads(packed, length, 2, formats[i].damaged);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damages),    cmocka_unit_test(test_no_captures), cmocka_unit_test(test_claims),
		cmocka_unit_test(test_read_error), cmocka_unit_test(test_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
