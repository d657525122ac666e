/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_WRITTEN_H
#define BPFSNIFF_TESTS_WRITTEN_H

/* For the tests of what is printed: a file in memory to print to, and its text. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "decoded.h"
#include "print/text_sinks.h"

static inline int memory_file(void)
{
	int fd = memfd_create("written", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

/* What was written since the last call, which is forgotten by that; valid until the next call. */
static inline const char *written(int fd)
{
	static char *text;
	off_t size = lseek(fd, 0, SEEK_END);

	free(text);
	text = calloc((size_t)size + 1, 1);
	assert_non_null(text);
	assert_int_equal(pread(fd, text, (size_t)size, 0), size);
	assert_int_equal(ftruncate(fd, 0), 0);
	lseek(fd, 0, SEEK_SET);
	return text;
}

typedef struct sink *open_sink(int fd, const struct style *style);

/* What a sink makes of one packet. */
static inline const char *printed(open_sink *open, const struct style *style, const struct packet *packet)
{
	int fd = memory_file();
	struct sink *sink = open(fd, style);
	const char *text;

	assert_non_null(sink);
	assert_int_equal(sink->packet(sink, packet), 0);
	assert_int_equal(sink->flush(sink), 0);
	sink->close(sink);
	text = written(fd);
	close(fd);
	return text;
}

/* Decode a packet that came in by eth0 as number 7, at 2026-11-23 15:02:33.123456789 UTC. */
static inline const struct packet *incoming(struct decoded *decoded, uint16_t link_type, const char *hex,
					    uint32_t missing)
{
	decoded->frame = (struct frame){
		.number = 7,
		.time_ns = 1795446153123456789,
		.has_time = true,
		.direction = DIRECTION_IN,
	};
	decode_hex(decoded, link_type, hex, missing);
	decoded->interface.name = "eth0";
	return &decoded->packet;
}

/* A frame, and what is printed of it. */
struct printed_case {
	uint16_t link_type;
	uint32_t missing; /* bytes that were not captured */
	const char *hex;
	const char *text;
};

static inline void assert_printed(open_sink *open, const struct style *style, const struct printed_case *cases,
				  size_t count)
{
	struct decoded decoded;

	for (size_t i = 0; i < count; i++) {
		incoming(&decoded, cases[i].link_type, cases[i].hex, cases[i].missing);
		assert_string_equal(printed(open, style, &decoded.packet), cases[i].text);
	}
}

/* What is printed of a field, and how many bytes of the packet it takes; in two headers of the same name, for each. */
struct printed_field {
	const char *text;
	uint32_t ends[2]; /* the second 0: there is only one */
};

static inline unsigned int occurrences(const char *text, const char *word)
{
	unsigned int count = 0;

	for (text = strstr(text, word); text; text = strstr(text + 1, word))
		count++;
	return count;
}

/* Cut an IP packet at every byte: exactly those fields are printed that were captured whole. */
static inline void assert_cut_fields(open_sink *open, const struct style *style, const char *hex,
				     const struct printed_field *fields, size_t count)
{
	uint8_t bytes[256];
	uint32_t length = from_hex(hex, bytes);
	struct decoded decoded = {0};

	for (uint32_t captured = 0; captured <= length; captured++) {
		const char *text = printed(open, style, decode_bytes(&decoded, LINK_RAW, bytes, captured, length));

		for (size_t i = 0; i < count; i++) {
			const uint32_t *ends = fields[i].ends;
			unsigned int expected = (captured >= ends[0]) + (ends[1] && captured >= ends[1]);

			if (occurrences(text, fields[i].text) != expected)
				fail_msg("%u bytes, not %u times '%s': %s", captured, expected, fields[i].text, text);
		}
	}
}

#endif
