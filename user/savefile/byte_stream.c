/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/byte_stream.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "savefile/decompress.h"

/* The fuzz targets are built with a tiny buffer, so that everything they read crosses its end. */
#ifndef READ_BUFFER_SIZE
#define READ_BUFFER_SIZE ((size_t)256 * 1024)
#endif

/* Returns the number of bytes read; -EAGAIN when there are none yet, -ENODATA at the end, another -errno. */
static ssize_t read_some(const struct byte_stream *stream, uint8_t *to, size_t room)
{
	struct pollfd ready = {.fd = stream->fd, .events = POLLIN};
	ssize_t count;

	/* Do not block on a pipe: the caller has signals to handle and output to flush meanwhile. */
	if (!stream->regular && poll(&ready, 1, 0) == 0)
		return -EAGAIN;
	count = read(stream->fd, to, room);
	if (count < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	return count ? count : -ENODATA;
}

static int load_plain(struct byte_stream *stream)
{
	ssize_t count = read_some(stream, stream->end, stream->buffer + stream->size - stream->end);

	if (count < 0)
		return count == -EAGAIN ? 0 : (int)count;
	stream->end += count;
	return 1;
}

static int refill_packed(struct byte_stream *stream)
{
	ssize_t count = read_some(stream, stream->packed, READ_BUFFER_SIZE);

	if (count < 0)
		return count == -EAGAIN ? 0 : (int)count;
	stream->packed_next = stream->packed;
	stream->packed_end = stream->packed + count;
	return 1;
}

static int load_unpacked(struct byte_stream *stream)
{
	uint8_t *start = stream->end;
	int within, ret;

	for (;;) {
		within = stream->format->run(stream->state, &stream->packed_next, stream->packed_end, &stream->end,
					     stream->buffer + stream->size);
		if (stream->end > start)
			return 1;
		if (within == -EBADMSG)
			stream->problem = stream->format->damaged;
		if (within < 0)
			return within;
		if (stream->packed_next < stream->packed_end)
			continue;
		ret = refill_packed(stream);
		if (ret == -ENODATA && within) {
			stream->problem = stream->format->cut;
			return -EBADMSG;
		}
		if (ret <= 0)
			return ret;
	}
}

/* Read enough to recognise the format. If compressed, the bytes read so far become the packed buffer. */
static int load_first(struct byte_stream *stream)
{
	int ret;

	do {
		ret = load_plain(stream);
	} while (ret == 1 && stream->end - stream->buffer < DECOMPRESS_MAGIC);
	if (ret == 0 || (ret < 0 && ret != -ENODATA))
		return ret;
	stream->load = load_plain;
	stream->format = decompressor_find(stream->buffer, stream->end - stream->buffer);
	if (!stream->format)
		return ret;
	stream->state = stream->format->open();
	stream->packed = stream->buffer;
	stream->packed_next = stream->packed;
	stream->packed_end = stream->end;
	stream->buffer = malloc(READ_BUFFER_SIZE);
	stream->next = stream->end = stream->buffer;
	if (!stream->state || !stream->buffer)
		return -ENOMEM;
	stream->load = load_unpacked;
	return load_unpacked(stream);
}

int byte_stream_init(struct byte_stream *stream, int fd)
{
	struct stat status;

	memset(stream, 0, sizeof(*stream));
	stream->fd = fd;
	stream->regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
	stream->load = load_first;
	stream->size = READ_BUFFER_SIZE;
	stream->buffer = malloc(READ_BUFFER_SIZE);
	if (!stream->buffer)
		return -ENOMEM;
	stream->next = stream->end = stream->buffer;
	return 0;
}

/* Make room after stream->end. The buffer grows with the data that arrives, not with the size requested, which comes
 * from a file that may be wrong. 0 or -ENOMEM. */
static int make_room(struct byte_stream *stream)
{
	size_t left = stream->end - stream->next;
	uint8_t *larger;

	if (stream->next > stream->buffer)
		memmove(stream->buffer, stream->next, left);
	if (left == stream->size) {
		larger = realloc(stream->buffer, 2 * stream->size);
		if (!larger)
			return -ENOMEM;
		stream->buffer = larger;
		stream->size *= 2;
	}
	stream->next = stream->buffer;
	stream->end = stream->buffer + left;
	return 0;
}

int byte_stream_fill(struct byte_stream *stream, size_t bytes)
{
	int ret;

	while ((size_t)(stream->end - stream->next) < bytes) {
		ret = make_room(stream);
		if (ret < 0)
			return ret;
		ret = stream->load(stream);
		if (ret <= 0)
			return ret;
	}
	return 1;
}

void byte_stream_release(struct byte_stream *stream)
{
	if (stream->format && stream->state)
		stream->format->close(stream->state);
	free(stream->packed);
	free(stream->buffer);
	memset(stream, 0, sizeof(*stream));
}
