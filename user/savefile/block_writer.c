/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/block_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output_wait.h"
#include "savefile/output_file.h"

enum {
	BUFFER_SIZE = 512 * 1024,
	BLOCKS_MAX = BUFFER_SIZE / 16, /* 16 bytes: the shortest packet block of either format */
};

int block_writer_init(struct block_writer *writer)
{
	memset(writer, 0, sizeof(*writer));
	writer->fd = -1;
	writer->buffer = malloc(BUFFER_SIZE);
	writer->size = BUFFER_SIZE;
	writer->ends = malloc(BLOCKS_MAX * sizeof(*writer->ends));
	if (writer->buffer && writer->ends)
		return 0;
	block_writer_release(writer);
	return -ENOMEM;
}

void block_writer_switch(struct block_writer *writer, int fd)
{
	writer->fd = fd;
	writer->is_untouched = true;
	writer->bytes = 0;
}

/* Write all bytes. 0 or -errno; in both cases *done is the number written. */
static int write_all(int fd, const uint8_t *bytes, size_t length, size_t *done)
{
	int ret = 0;

	for (*done = 0; !ret && *done < length;) {
		ssize_t written = write(fd, bytes + *done, length - *done);

		if (written >= 0)
			*done += (size_t)written;
		else
			ret = errno == EAGAIN ? output_wait(fd) : errno == EINTR ? 0 : -errno;
	}
	return ret;
}

/* Remove the last bytes of a regular file, which are an incomplete block. */
static void cut_back(int fd, size_t bytes)
{
	struct stat status;
	off_t end = lseek(fd, 0, SEEK_CUR);

	if (bytes == 0 || end < (off_t)bytes || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return;
	/* Report the error of the write, not one of this clean-up. */
	if (ftruncate(fd, end - (off_t)bytes) == 0)
		lseek(fd, end - (off_t)bytes, SEEK_SET);
}

/* Count the packets within the first `done` bytes of the buffer. Returns the end of the last block that is complete
 * there. */
static size_t count_packets(struct block_writer *writer, size_t done)
{
	size_t end = 0;

	for (size_t i = 0; i < writer->end_count && writer->ends[i].offset <= done; i++) {
		end = writer->ends[i].offset;
		writer->packets += writer->ends[i].is_packet;
	}
	return end;
}

int block_writer_flush(struct block_writer *writer)
{
	size_t done = 0, whole;

	if (writer->error || writer->length == 0)
		return writer->error;
	if (writer->is_untouched)
		writer->error = output_file_empty(writer->fd);
	writer->is_untouched = false;
	if (!writer->error)
		writer->error = write_all(writer->fd, writer->buffer, writer->length, &done);
	whole = count_packets(writer, done);
	if (writer->error)
		cut_back(writer->fd, done - whole);
	writer->length = 0;
	writer->end_count = 0;
	return writer->error;
}

/* Replace the buffer, which is empty, by a larger one. 0 or -ENOMEM. */
static int grow(struct block_writer *writer, size_t bytes)
{
	uint8_t *larger = malloc(bytes);

	if (!larger)
		return writer->error = -ENOMEM;
	free(writer->buffer);
	writer->buffer = larger;
	writer->size = bytes;
	return 0;
}

uint8_t *block_writer_room(struct block_writer *writer, size_t bytes)
{
	if (writer->size - writer->length < bytes || writer->end_count == BLOCKS_MAX) {
		if (block_writer_flush(writer) || (bytes > writer->size && grow(writer, bytes)))
			return NULL;
	}
	return writer->error ? NULL : writer->buffer + writer->length;
}

void block_writer_take(struct block_writer *writer, size_t bytes)
{
	writer->length += bytes;
	writer->bytes += bytes;
	writer->ends[writer->end_count++] = (struct block_end){.offset = (uint32_t)writer->length};
}

void block_writer_take_packet(struct block_writer *writer, size_t bytes)
{
	block_writer_take(writer, bytes);
	writer->ends[writer->end_count - 1].is_packet = true;
}

void block_writer_release(struct block_writer *writer)
{
	free(writer->buffer);
	free(writer->ends);
	writer->buffer = NULL;
	writer->ends = NULL;
}
