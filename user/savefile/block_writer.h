/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_BLOCK_WRITER_H
#define BPFSNIFF_BLOCK_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block_end {
	uint32_t offset; /* in the buffer */
	bool is_packet;
};

/*
 * A large buffer in front of a file that consists of blocks. Every write(2) ends at the end of a block, so the file is
 * whole at every moment; after an error a regular file is cut back to its last whole block.
 */
struct block_writer {
	int fd;
	bool is_untouched; /* nothing has been written to this file, and what it held is still there */
	int error;         /* the first -errno; nothing is written after it */
	uint64_t bytes;    /* of this file, including those in the buffer */
	uint8_t *buffer;
	size_t length, size;
	struct block_end *ends; /* of each block in the buffer */
	size_t end_count;
	uint64_t packets; /* that files have taken whole, all together */
};

/* Allocate the buffer; there is no file yet. 0 or -ENOMEM. */
int block_writer_init(struct block_writer *writer);

/* Continue in another file. fd stays the caller's. The buffer must have been flushed. */
void block_writer_switch(struct block_writer *writer, int fd);

/* Room for a block of `bytes` bytes, flushing first when the buffer is too full. NULL after an error. */
uint8_t *block_writer_room(struct block_writer *writer, size_t bytes);

/* Accept a block of `bytes` bytes, written where block_writer_room() said. */
void block_writer_take(struct block_writer *writer, size_t bytes);

/* The same for a block that is a packet. */
void block_writer_take_packet(struct block_writer *writer, size_t bytes);

/* Write out the buffer. 0, or the first -errno since block_writer_init(). */
int block_writer_flush(struct block_writer *writer);

/* Free the buffer without flushing it. Takes a zeroed struct too. */
void block_writer_release(struct block_writer *writer);

#endif
