/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/output.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/output_wait.h"

enum { OUTPUT_SIZE = 256 * 1024 };

int output_init(struct output *output, int fd)
{
	*output = (struct output){.fd = fd, .size = OUTPUT_SIZE, .buffer = malloc(OUTPUT_SIZE)};
	return output->buffer ? 0 : -ENOMEM;
}

int output_flush(struct output *output)
{
	size_t done = 0;

	while (!output->error && done < output->length) {
		ssize_t written = write(output->fd, output->buffer + done, output->length - done);

		if (written >= 0)
			done += (size_t)written;
		else if (errno == EAGAIN)
			output->error = output_wait(output->fd);
		else if (errno != EINTR)
			output->error = -errno;
	}
	output->length = 0;
	return output->error;
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
	*output = (struct output){.fd = -1};
}
