/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OUTPUT_H
#define BPFSNIFF_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

enum { OUTPUT_ROOM_MAX = 64 * 1024 }; /* the most bytes to ask output_room() for */

/* A buffer in front of a file descriptor: one write(2) for many packets. */
struct output {
	int fd;
	int error; /* the first -errno of write(2); nothing is written after it */
	size_t length;
	size_t size;
	char *buffer;
	uint64_t records; /* that the file has taken whole */
	uint32_t *marks;  /* the ends of records in the buffer, as offsets */
	size_t mark_count;
};

/* Allocate an empty buffer in front of fd, which stays the caller's. 0 or -ENOMEM. */
int output_init(struct output *output, int fd);

/* Room for `bytes` bytes, at most OUTPUT_ROOM_MAX, flushing first when the buffer is too full. Never NULL: after a
 * write error the text is discarded, and output_flush() returns the error. */
char *output_room(struct output *output, size_t bytes);

/* Accept the text from the pointer that output_room() returned up to `end`. */
void output_advance(struct output *output, const char *end);

/* A record, which begins where the one before it ended, ends with what was accepted so far. */
void output_end_record(struct output *output);

/* Write out the buffer. 0, or the first -errno since output_init(). */
int output_flush(struct output *output);

/* Free the buffer without flushing it. Takes a zeroed struct too. */
void output_release(struct output *output);

#endif
