/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/output.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/output_wait.h"

enum {
	OUTPUT_SIZE = 256 * 1024,
	RECORDS_MAX = OUTPUT_SIZE / 16, /* in the buffer; shorter records than that flush it earlier */
};

int output_init(struct output *output, int fd)
{
	*output = (struct output){.fd = fd, .size = OUTPUT_SIZE, .buffer = malloc(OUTPUT_SIZE)};
	output->marks = malloc(RECORDS_MAX * sizeof(*output->marks));
	if (output->buffer && output->marks)
		return 0;
	output_release(output);
	return -ENOMEM;
}

/* Count the records that end within the first `done` bytes of the buffer. */
static void count_records(struct output *output, size_t done)
{
	size_t count = output->mark_count;

	output->mark_count = 0;
	while (count > 0 && output->marks[count - 1] > done)
		count--;
	output->records += count;
}

int output_flush(struct output *output)
{
	size_t done = 0;

	if (output->error) {
		output->length = output->mark_count = 0;
		return output->error;
	}
	while (!output->error && done < output->length) {
		ssize_t written = write(output->fd, output->buffer + done, output->length - done);

		if (written >= 0)
			done += (size_t)written;
		else if (errno == EAGAIN)
			output->error = output_wait(output->fd);
		else if (errno != EINTR)
			output->error = -errno;
	}
	count_records(output, done);
	output->length = 0;
	return output->error;
}

void output_end_record(struct output *output)
{
	if (output->mark_count == RECORDS_MAX)
		output_flush(output);
	/* After that flush the record, which the file has taken, ends where the empty buffer begins. */
	output->marks[output->mark_count++] = (uint32_t)output->length;
}

char *output_room(struct output *output, size_t bytes)
{
	if (output->size - output->length < bytes)
		output_flush(output);
	return output->buffer + output->length;
}

void output_advance(struct output *output, const char *end)
{
	output->length = (size_t)(end - output->buffer);
}

void output_release(struct output *output)
{
	free(output->buffer);
	free(output->marks);
	*output = (struct output){.fd = -1};
}
