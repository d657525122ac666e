/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_BYTE_STREAM_H
#define BPFSNIFF_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decompressor;

/* A file or pipe, read through a large buffer. gzip and zstd are recognised by their first bytes and decompressed. */
struct byte_stream {
	const uint8_t *next; /* from here to end: buffered and not consumed */
	uint8_t *end;
	uint64_t offset;     /* of *next, in decompressed bytes */
	const char *problem; /* what is wrong with compressed data; NULL: nothing */
	uint8_t *buffer;
	size_t size;
	int fd;
	bool regular; /* reading it never blocks */
	int (*load)(struct byte_stream *stream);
	/* Compressed input. */
	const struct decompressor *format;
	void *state;
	uint8_t *packed;
	const uint8_t *packed_next, *packed_end;
};

/* Start reading fd, which stays the caller's. 0 or -ENOMEM. */
int byte_stream_init(struct byte_stream *stream, int fd);

/* The slow path of byte_stream_need(): fill the buffer. */
int byte_stream_fill(struct byte_stream *stream, size_t bytes);

/* Make at least `bytes` bytes available at stream->next; this may move what was there. 1 done; 0 a pipe has no more at
 * the moment (poll fd, then ask again); -ENODATA the input ends first; -EBADMSG the compressed data is damaged; another
 * -errno. In every case the bytes between next and end are valid. */
static inline int byte_stream_need(struct byte_stream *stream, size_t bytes)
{
	return (size_t)(stream->end - stream->next) >= bytes ? 1 : byte_stream_fill(stream, bytes);
}

/* Step over buffered bytes. They stay where they are until the next byte_stream_need(). */
static inline void byte_stream_consume(struct byte_stream *stream, size_t bytes)
{
	stream->next += bytes;
	stream->offset += bytes;
}

/* Free the buffers. Takes a zeroed struct too. */
void byte_stream_release(struct byte_stream *stream);

#endif
