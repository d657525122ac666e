/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_READER_INTERNAL_H
#define BPFSNIFF_READER_INTERNAL_H

#include <byteswap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/frame.h"
#include "savefile/byte_stream.h"

/*
 * The way of a frame out of a file: byte_stream.c reads and decompresses; savefile_read.c looks at the magic number and
 * picks pcap_read.c or pcapng_read.c (interfaces and options: pcapng_interface.c), which make frames of the bytes.
 * struct reader is what they share, and reader.c what both formats need: interfaces and errors;
 * link_origin.c reads what a link-level header says of direction and device.
 */

/* How a file counts time: time_ns = (units * multiplier >> shift) / divisor + offset_ns. */
struct time_unit {
	uint64_t multiplier, divisor;
	uint32_t shift;
	__int128 offset_ns;
};

struct file_interface {
	struct interface interface; /* owns its name */
	struct time_unit unit;
	uint64_t packets; /* so far */
};

/* Which of the two lengths in a record comes first. Up to version 2.2 of pcap it was that on the wire; writers of 2.3
 * differed, and where the first is longer, it must be (libpcap, sf-pcap.c). */
enum length_order {
	CAPTURED_FIRST,
	SHORTER_IS_CAPTURED,
	WIRE_FIRST,
};

struct reader {
	struct source source;
	struct byte_stream stream;
	bool swap;       /* the file has the other byte order */
	uint64_t number; /* of the last frame */
	uint64_t beyond_count,
		beyond_first; /* frames with times that time_ns cannot say, and the number of the first */
	/* pcap */
	size_t record_header; /* bytes */
	uint32_t fraction_ns; /* nanoseconds in one unit of a record's sub-second field */
	uint32_t captured_max;
	enum length_order lengths;
	/* pcapng; for pcap there is one interface */
	struct file_interface **interfaces;
	size_t interface_count;
	uint32_t first_interface; /* the id of the first */
	size_t section_first;     /* the first interface of the current section */
	struct file_block block;  /* the last one */
	void (*on_block)(void *context, const struct file_block *block);
	void *block_context;
	int status; /* the -errno that ended the reading */
	char *name; /* as messages have it */
	char error[512];
};

/* A number of the file in the byte order of this machine. */
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

/* Record that the file is no capture, with what is said of it behind that, and stop reading. -EBADMSG. */
int reader_refuse(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Record that the file is damaged at the current offset, and how, and stop reading. -EBADMSG. */
int reader_damage(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The slow path of reader_need(): fill the buffer. */
int reader_fill(struct reader *reader, size_t bytes, const char *what);

/* Make `bytes` bytes available at stream.next, where something begins that error messages call `what`. 1 done; 0 not
 * yet; -ENODATA the file ends right here; -EBADMSG it ends within; another -errno. */
static inline int reader_need(struct reader *reader, size_t bytes, const char *what)
{
	const struct byte_stream *stream = &reader->stream;

	return (size_t)(stream->end - stream->next) >= bytes ? 1 : reader_fill(reader, bytes, what);
}

/* Add a copy of the described interface, and fill in its id, its name (up to a NUL; NULL: none) and whether it is a
 * loopback device. 0 or -errno. */
int reader_add_interface(struct reader *reader, const struct file_interface *described, const char *name,
			 size_t name_length);

/* Whether an interface with this name is a loopback device. */
bool reader_names_loopback(const char *name);

/* Fill in the direction and the loopback device of a frame from its link-level header, where that says them and the
 * file's own format does not. */
void reader_read_link_origin(struct frame *frame);

/* If a file that begins with `magic` (read in the byte order of this machine) has this format, set source.next to its
 * reader and return true. */
bool pcap_read_begin(struct reader *reader, uint32_t magic);
bool pcapng_read_begin(struct reader *reader, uint32_t magic);

/* Read the body of an Interface Description Block, which lies between its two lengths. 0 or -errno. */
int pcapng_read_interface(struct reader *reader, const uint8_t *body, size_t length);

/* The options at the end of a block. */
struct pcapng_options {
	const uint8_t *next, *end;
};

struct pcapng_option_value {
	uint16_t code, length;
	const uint8_t *bytes;
};

/* The next option, its code and length in our byte order. 1, 0 at the end, or -EBADMSG when it exceeds the block. */
int pcapng_next_option(struct reader *reader, struct pcapng_options *options, struct pcapng_option_value *option);

#endif
