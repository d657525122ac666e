/* SPDX-License-Identifier: BSD-2-Clause */
/* A pcap file of every device: byte for byte, what stands in it for a frame of each kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "savefile/pcap_format.h"
#include "savefile/savefile_write.h"

enum { HEADER = 20, FILE_MAX = 4096, LENGTH = 1000 /* of each frame on the wire */ };

#define ETHERNET  "\2\0\0\0\0\2\2\0\0\0\0\1"
#define SLL       "\0\4\3\12\0\4\12\11\0\1\0\0\0\0"
#define NO_SOURCE "\0\0\0\0\0\0\0\0"
#define SOURCE    "\2\0\0\0\0\1\0\0"

/* The index is 0x01020304, and the frame went out. */
#define COOKED(protocol, hardware, address_length, address) protocol "\0\0\1\2\3\4" hardware "\4" address_length address

struct row {
	uint16_t link_type, hardware_type;
	const char *bytes;
	size_t captured;
	const char *header;
	uint32_t link; /* bytes of the frame in whose place it stands */
};

#define ROW(link_type, hardware_type, bytes, header, link)                        \
	{                                                                         \
		link_type, hardware_type, bytes, sizeof(bytes) - 1, header, link, \
	}

static const struct row rows[] = {
	ROW(LINK_ETHERNET, ARPHRD_ETHER, ETHERNET "\10\0abcd", COOKED("\10\0", "\0\1", "\6", SOURCE), 14),
	ROW(LINK_ETHERNET, ARPHRD_ETHER, ETHERNET "\10\0", COOKED("\10\0", "\0\1", "\6", SOURCE), 14),
	ROW(LINK_ETHERNET, ARPHRD_ETHER, ETHERNET "\10", COOKED("\0\0", "\0\1", "\0", NO_SOURCE), 13),
	ROW(LINK_ETHERNET, ARPHRD_LOOPBACK, ETHERNET "\6\0\0\0", COOKED("\6\0", "\3\4", "\6", SOURCE), 14),
	ROW(LINK_ETHERNET, ARPHRD_ETHER, ETHERNET "\5\377\377\376", COOKED("\0\4", "\0\1", "\6", SOURCE), 14),
	ROW(LINK_ETHERNET, ARPHRD_ETHER, ETHERNET "\0\2\377\377", COOKED("\0\1", "\0\1", "\6", SOURCE), 14),
	ROW(LINK_ETHERNET, ARPHRD_ETHER, ETHERNET "\0\2\377", COOKED("\0\4", "\0\1", "\6", SOURCE), 14),
	ROW(LINK_LINUX_SLL, ARPHRD_IPGRE, SLL "\10\0abcd", COOKED("\10\0", "\3\12", "\4", "\12\11\0\1\0\0\0\0"), 16),
	ROW(LINK_LINUX_SLL, ARPHRD_IPGRE, SLL "\10\0", COOKED("\10\0", "\3\12", "\4", "\12\11\0\1\0\0\0\0"), 16),
	ROW(LINK_LINUX_SLL, ARPHRD_IPGRE, SLL "\10", COOKED("\0\0", "\3\12", "\0", NO_SOURCE), 15),
	ROW(LINK_RAW, ARPHRD_NONE, "\105abcd", COOKED("\10\0", "\377\376", "\0", NO_SOURCE), 0),
	ROW(LINK_RAW, ARPHRD_NONE, "\140abcd", COOKED("\206\335", "\377\376", "\0", NO_SOURCE), 0),
	ROW(LINK_RAW, ARPHRD_NONE, "", COOKED("\0\0", "\377\376", "\0", NO_SOURCE), 0),
	ROW(LINK_IEEE802_11_RADIOTAP, ARPHRD_IEEE80211_RADIOTAP, "abcd", COOKED("\0\4", "\3\43", "\0", NO_SOURCE), 0),
};

static size_t read_file(const char *path, uint8_t bytes[FILE_MAX])
{
	FILE *file = fopen(path, "re");
	size_t length;

	assert_non_null(file);
	length = fread(bytes, 1, FILE_MAX, file);
	fclose(file);
	return length;
}

/* Write one frame of a row, of `length` bytes on the wire. Returns the length of the file. */
static size_t write_one(const struct row *row, uint32_t length, uint8_t bytes[FILE_MAX])
{
	char path[] = "/tmp/test_pcap_cooked.XXXXXX.pcap";
	const struct savefile_write_options options = {.path = path, .many_devices = true};
	const struct interface interface = {
		.index = 0x01020304,
		.link_type = row->link_type,
		.hardware_type = row->hardware_type,
		.snaplen = 96,
	};
	const struct frame frame = {
		.bytes = (const uint8_t *)row->bytes,
		.captured = (uint32_t)row->captured,
		.length = length,
		.time_ns = 1700000000123456789,
		.has_time = true,
		.packet_type = PACKET_OUTGOING,
		.interface = &interface,
	};
	const struct packet packet = {.frame = &frame};
	struct sink *sink;
	int fd = mkstemps(path, 5);

	assert_true(fd >= 0);
	close(fd);
	sink = savefile_write_open(&options);
	assert_non_null(sink);
	assert_int_equal(sink->packet(sink, &packet), 0);
	assert_int_equal(sink->finish(sink), 0);
	sink->close(sink);
	length = (uint32_t)read_file(path, bytes);
	unlink(path);
	return length;
}

static void records(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		size_t captured = row->captured - row->link;
		struct pcap_file_header file;
		struct pcap_record record;
		uint8_t bytes[FILE_MAX];

		assert_int_equal(write_one(row, LENGTH, bytes), sizeof(file) + sizeof(record) + HEADER + captured);
		memcpy(&file, bytes, sizeof(file));
		memcpy(&record, bytes + sizeof(file), sizeof(record));
		assert_int_equal(file.magic, PCAP_MAGIC_NANO);
		assert_int_equal(file.link_type, LINK_LINUX_SLL2);
		assert_int_equal(file.snaplen, PCAP_SNAPLEN);
		assert_int_equal(record.seconds, 1700000000);
		assert_int_equal(record.fraction, 123456789);
		assert_int_equal(record.captured, HEADER + captured);
		assert_int_equal(record.length, HEADER + LENGTH - row->link);
		assert_memory_equal(bytes + sizeof(file) + sizeof(record), row->header, HEADER);
		assert_memory_equal(bytes + sizeof(file) + sizeof(record) + HEADER, row->bytes + row->link, captured);
	}
}

/* A frame that is shorter than its header leaves nothing behind it. */
static void a_length_within_the_header(void **state)
{
	static const uint32_t lengths[] = {13, 14, 15};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct pcap_record record;
		uint8_t bytes[FILE_MAX];

		write_one(&rows[1], lengths[i], bytes);
		memcpy(&record, bytes + sizeof(struct pcap_file_header), sizeof(record));
		assert_int_equal(record.captured, HEADER);
		assert_int_equal(record.length, lengths[i] > 14 ? HEADER + 1 : HEADER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(a_length_within_the_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
