/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OUTPUT_H
#define BPFSNIFF_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

enum { OUTPUT_ROOM_MAX = 64 * 1024 }; /* the most that can be asked of output_room() at once */

/* A buffer in front of a file descriptor: one write per block of output. */
struct output {
	int fd;
	int error; /* the first -errno that write(2) gave; nothing is written after it */
	size_t length;
	size_t size;
	char *buffer;
};

/* Start with an empty buffer in front of fd, which stays the caller's. 0 or -ENOMEM. */
int output_init(struct output *output, int fd);

/* Room for at least `bytes` (at most OUTPUT_ROOM_MAX), written out first if the buffer is too full. Never NULL: after
 * a write error the text goes nowhere, and output_flush() tells. */
char *output_room(struct output *output, size_t bytes);

/* Take over what was written from the pointer that output_room() gave up to `end`. */
void output_advance(struct output *output, const char *end);

/* Write out what is buffered. 0, or the first -errno since output_init(). */
int output_flush(struct output *output);

/* Free the buffer, without a flush. Takes a zeroed struct too. */
void output_release(struct output *output);

#endif
