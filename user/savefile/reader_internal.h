/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_READER_INTERNAL_H
#define BPFSNIFF_READER_INTERNAL_H

#include <byteswap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/frame.h"
#include "savefile/byte_stream.h"
#include "savefile/pcapng_block.h"

/* What the readers of pcap and of pcapng share; for the files of this folder that read only. */

/* How a file counts time: time_ns = (units * multiplier >> shift) / divisor + offset_ns. */
struct time_unit {
	uint64_t multiplier, divisor;
	uint32_t shift;
	__int128 offset_ns;
};

struct file_interface {
	struct interface interface; /* owns its name */
	struct time_unit unit;
};

struct reader {
	struct source source;
	struct byte_stream stream;
	bool swap;       /* the file is in the other byte order */
	uint64_t number; /* of the last frame */
	/* pcap */
	size_t record_header; /* bytes */
	uint32_t fraction_ns; /* nanoseconds in one unit of a record's sub-second field */
	uint32_t captured_max;
	/* pcapng; for pcap there is one interface */
	struct file_interface **interfaces;
	size_t interface_count;
	size_t section_first;               /* where the section's interfaces begin */
	struct pcapng_block_draft comments; /* of the last frame */
	int status;                         /* the -errno that ended the reading */
	char *name;
	char error[512];
};

static inline uint16_t host16(const struct reader *reader, uint16_t value)
{
	return reader->swap ? bswap_16(value) : value;
}

static inline uint32_t host32(const struct reader *reader, uint32_t value)
{
	return reader->swap ? bswap_32(value) : value;
}

static inline uint64_t host64(const struct reader *reader, uint64_t value)
{
	return reader->swap ? bswap_64(value) : value;
}

/* Say what is wrong with the file at the present offset. -EBADMSG. */
int reader_damage(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Say that reading failed at the present offset with this -errno, and return it. */
int reader_error(struct reader *reader, int error);

/* reader_need() when the bytes are not in the buffer. */
int reader_fill(struct reader *reader, size_t bytes, const char *what);

/* Have `bytes` at stream.next, of something that begins there and is called `what`. 1, 0 not yet, -ENODATA when the
 * file ends right here, -EBADMSG when it ends within, another -errno. */
static inline int reader_need(struct reader *reader, size_t bytes, const char *what)
{
	const struct byte_stream *stream = &reader->stream;

	return (size_t)(stream->end - stream->next) >= bytes ? 1 : reader_fill(reader, bytes, what);
}

/* Add an interface as described; its id, its name (up to a NUL; NULL: none) and whether it is a loopback device are
 * filled in. 0 or -errno. */
int reader_add_interface(struct reader *reader, const struct file_interface *described, const char *name,
			 size_t name_length);

/* Go on as a file of this format that begins with `magic`, in the byte order of this machine. False: it is another. */
bool pcap_begin(struct reader *reader, uint32_t magic);
bool pcapng_begin(struct reader *reader, uint32_t magic);

/* A block of type PCAPNG_INTERFACE with what lies between its two lengths. 0 or -errno. */
int pcapng_read_interface(struct reader *reader, const uint8_t *body, size_t length);

/* The options at the end of a block. */
struct pcapng_options {
	const uint8_t *next, *end;
};

struct pcapng_option_value {
	uint16_t code, length;
	const uint8_t *bytes;
};

/* The next option. 1, 0 there is none, -EBADMSG when it is longer than the block. */
int pcapng_next_option(struct reader *reader, struct pcapng_options *options, struct pcapng_option_value *option);

#endif
