/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_BLOCK_WRITER_H
#define BPFSNIFF_BLOCK_WRITER_H

#include <stddef.h>
#include <stdint.h>

/*
 * A large buffer in front of a file that consists of blocks. Every write(2) ends where a block ends, so that the file
 * is whole at every moment; after an error a regular file is cut back to its last whole block.
 */
struct block_writer {
	int fd;
	int error;      /* the first -errno; nothing is written after it */
	uint64_t bytes; /* of this file, with those in the buffer */
	uint8_t *buffer;
	size_t length, size;
	uint32_t *ends; /* where the blocks in the buffer end */
	size_t end_count;
};

/* Start without a file. 0 or -ENOMEM. */
int block_writer_init(struct block_writer *writer);

/* Go on with another file, which stays the caller's; what is buffered has to be flushed before. */
void block_writer_switch(struct block_writer *writer, int fd);

/* Room for a block of so many bytes; what is in its way is written out first. NULL after an error. */
uint8_t *block_writer_room(struct block_writer *writer, size_t bytes);

/* Take over the block that was written there. */
void block_writer_take(struct block_writer *writer, size_t bytes);

/* Write out what is buffered. 0, or the first -errno since the start. */
int block_writer_flush(struct block_writer *writer);

/* Free, without a flush. Takes a zeroed struct too. */
void block_writer_release(struct block_writer *writer);

#endif
