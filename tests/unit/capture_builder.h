/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_CAPTURE_BUILDER_H
#define BPFSNIFF_TESTS_CAPTURE_BUILDER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "savefile/pcap_format.h"

/* A capture file made byte by byte, in either byte order, right or wrong. Included by one test program each. */
struct capture {
	bool big_endian;
	size_t length;
	size_t block; /* where the open block starts */
	uint8_t bytes[4096];
};

static inline void put(struct capture *capture, const void *bytes, size_t length)
{
	memcpy(capture->bytes + capture->length, bytes, length);
	capture->length += length;
}

static inline void put_number(struct capture *capture, uint64_t value, int size)
{
	for (int i = 0; i < size; i++)
		capture->bytes[capture->length++] = value >> 8 * (capture->big_endian ? size - 1 - i : i);
}

static inline void put16(struct capture *capture, uint16_t value)
{
	put_number(capture, value, 2);
}

static inline void put32(struct capture *capture, uint32_t value)
{
	put_number(capture, value, 4);
}

static inline void put64(struct capture *capture, uint64_t value)
{
	put_number(capture, value, 8);
}

static inline void pad(struct capture *capture)
{
	put(capture, "\0\0\0", pcapng_padding(capture->length - capture->block));
}

static inline void pcap_header(struct capture *capture, uint32_t magic, uint32_t snaplen, uint32_t link_type)
{
	put32(capture, magic);
	put16(capture, PCAP_MAJOR);
	put16(capture, PCAP_MINOR);
	put64(capture, 0);
	put32(capture, snaplen);
	put32(capture, link_type);
}

static inline void pcap_record(struct capture *capture, uint32_t seconds, uint32_t fraction, const char *bytes)
{
	put32(capture, seconds);
	put32(capture, fraction);
	put32(capture, strlen(bytes));
	put32(capture, strlen(bytes) + 1000);
	put(capture, bytes, strlen(bytes));
}

static inline void open_block(struct capture *capture, uint32_t type)
{
	capture->block = capture->length;
	put32(capture, type);
	put32(capture, 0);
}

static inline void close_block(struct capture *capture)
{
	size_t end;

	pad(capture);
	end = capture->length + 4;
	put32(capture, end - capture->block);
	capture->length = capture->block + 4;
	put32(capture, end - capture->block);
	capture->length = end;
}

static inline void option(struct capture *capture, uint16_t code, const void *value, uint16_t length)
{
	put16(capture, code);
	put16(capture, length);
	put(capture, value, length);
	pad(capture);
}

static inline void option_number(struct capture *capture, uint16_t code, uint64_t value, int size)
{
	put16(capture, code);
	put16(capture, size);
	put_number(capture, value, size);
	pad(capture);
}

static inline void section(struct capture *capture)
{
	open_block(capture, PCAPNG_SECTION);
	put32(capture, PCAPNG_BYTE_ORDER);
	put16(capture, PCAPNG_MAJOR);
	put16(capture, PCAPNG_MINOR);
	put64(capture, UINT64_MAX);
	close_block(capture);
}

static inline void open_interface(struct capture *capture, uint16_t link_type, uint32_t snaplen)
{
	open_block(capture, PCAPNG_INTERFACE);
	put16(capture, link_type);
	put16(capture, 0);
	put32(capture, snaplen);
}

static inline void interface(struct capture *capture, uint16_t link_type, uint32_t snaplen)
{
	open_interface(capture, link_type, snaplen);
	close_block(capture);
}

static inline void open_packet(struct capture *capture, uint32_t number, uint64_t time, const char *bytes)
{
	open_block(capture, PCAPNG_ENHANCED_PACKET);
	put32(capture, number);
	put32(capture, time >> 32);
	put32(capture, (uint32_t)time);
	put32(capture, strlen(bytes));
	put32(capture, strlen(bytes) + 1000);
	put(capture, bytes, strlen(bytes));
	pad(capture);
}

static inline void packet(struct capture *capture, uint32_t number, uint64_t time, const char *bytes)
{
	open_packet(capture, number, time, bytes);
	close_block(capture);
}

/* A descriptor from which these bytes can be read, or -1. */
static inline int readable(const void *bytes, size_t length)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, bytes, length) != (ssize_t)length || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

#endif
