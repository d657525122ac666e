/* SPDX-License-Identifier: BSD-2-Clause */
#include "block_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "slow_reader.h"

enum {
	BUFFER_SIZE = 512 * 1024,
	BLOCKS_MAX = BUFFER_SIZE / 16, /* no block of either format that holds a packet is shorter */
};

int block_writer_open(struct block_writer *writer)
{
	memset(writer, 0, sizeof(*writer));
	writer->fd = -1;
	writer->buffer = malloc(BUFFER_SIZE);
	writer->ends = malloc(BLOCKS_MAX * sizeof(*writer->ends));
	if (writer->buffer && writer->ends)
		return 0;
	block_writer_close(writer);
	return -ENOMEM;
}

void block_writer_switch(struct block_writer *writer, int fd)
{
	writer->fd = fd;
	writer->bytes = 0;
}

/* Write all parts. 0 or -errno; *done counts the bytes that were written either way. */
static int write_parts(int fd, struct iovec *parts, int count, size_t *done)
{
	ssize_t written;
	size_t part;

	for (*done = 0; count > 0; *done += written) {
		written = writev(fd, parts, count);
		if (written < 0) {
			int ret = errno == EAGAIN ? slow_reader_wait(fd) : errno == EINTR ? 0 : -errno;

			if (ret)
				return ret;
			written = 0;
		}
		for (size_t left = written; count > 0; left -= part) {
			part = left < parts->iov_len ? left : parts->iov_len;
			parts->iov_base = (uint8_t *)parts->iov_base + part;
			parts->iov_len -= part;
			if (parts->iov_len > 0)
				break;
			parts++;
			count--;
		}
	}
	return 0;
}

/* Remove the last bytes of a regular file; they are a part of a block. */
static void cut_back(int fd, size_t bytes)
{
	struct stat status;
	off_t end = lseek(fd, 0, SEEK_CUR);

	if (bytes == 0 || end < (off_t)bytes || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return;
	/* The error that brought us here is the one to tell. */
	if (ftruncate(fd, end - (off_t)bytes) == 0)
		lseek(fd, end - (off_t)bytes, SEEK_SET);
}

/* The end of the last block that lies whole in the first `done` bytes of the buffer. */
static size_t last_end(const struct block_writer *writer, size_t done)
{
	for (size_t i = writer->end_count; i > 0; i--) {
		if (writer->ends[i - 1] <= done)
			return writer->ends[i - 1];
	}
	return 0;
}

int block_writer_flush(struct block_writer *writer)
{
	struct iovec all = {.iov_base = writer->buffer, .iov_len = writer->length};
	size_t done;

	if (writer->error || writer->length == 0)
		return writer->error;
	writer->error = write_parts(writer->fd, &all, 1, &done);
	if (writer->error)
		cut_back(writer->fd, done - last_end(writer, done));
	writer->length = 0;
	writer->end_count = 0;
	return writer->error;
}

/* A block that is longer than the buffer. */
static int write_large(struct block_writer *writer, const struct iovec *parts, int count)
{
	struct iovec rest[BLOCK_PARTS_MAX];
	size_t done;

	memcpy(rest, parts, count * sizeof(*parts));
	writer->error = write_parts(writer->fd, rest, count, &done);
	if (writer->error)
		cut_back(writer->fd, done);
	return writer->error;
}

int block_writer_put(struct block_writer *writer, const struct iovec *parts, int count)
{
	size_t bytes = 0;

	for (int i = 0; i < count; i++)
		bytes += parts[i].iov_len;
	if ((writer->length + bytes > BUFFER_SIZE || writer->end_count == BLOCKS_MAX) && block_writer_flush(writer) < 0)
		return writer->error;
	if (writer->error)
		return writer->error;
	writer->bytes += bytes;
	if (bytes > BUFFER_SIZE)
		return write_large(writer, parts, count);
	for (int i = 0; i < count; i++) {
		memcpy(writer->buffer + writer->length, parts[i].iov_base, parts[i].iov_len);
		writer->length += parts[i].iov_len;
	}
	writer->ends[writer->end_count++] = writer->length;
	return 0;
}

void block_writer_close(struct block_writer *writer)
{
	free(writer->buffer);
	free(writer->ends);
	writer->buffer = NULL;
	writer->ends = NULL;
}
