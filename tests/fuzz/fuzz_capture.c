/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input.h"
#include "savefile/pcap_format.h"
#include "savefile/savefile_read.h"

/*
 * Any bytes as a capture file, in a regular file or in pieces from a pipe: every frame is readable memory, and reading
 * ends, with a reason if the file is damaged.
 */

enum { INPUT_MAX = 1 << 20 }; /* the longest that libFuzzer makes */

/* The bytes that the reader has not been given yet. */
struct supply {
	struct input rest;
	size_t step; /* bytes per write */
	int fd;      /* the write end of the pipe; -1: none */
};

/* The input becomes the end of a larger file, because resizing the file would take most of the time. */
static int regular_file(const struct input *input)
{
	static int fd = -1;
	off_t start = INPUT_MAX - (off_t)input->left;

	if (fd < 0)
		fd = memfd_create("capture", MFD_CLOEXEC);
	must(fd >= 0 && start >= 0 && lseek(fd, start, SEEK_SET) == start);
	must(write(fd, input->at, input->left) == (ssize_t)input->left);
	must(lseek(fd, start, SEEK_SET) == start);
	return fd;
}

/* The pipe is empty: write the next piece, or close it after the last. */
static void feed(struct supply *supply)
{
	const uint8_t *bytes;
	size_t count = take_bytes(&supply->rest, supply->step, &bytes);

	must(supply->fd >= 0);
	must(write(supply->fd, bytes, count) == (ssize_t)count);
	if (supply->rest.left == 0) {
		close(supply->fd);
		supply->fd = -1;
	}
}

/* Read every byte. */
static void touch(const void *bytes, size_t length)
{
	const volatile uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		(void)at[i];
}

static void check_frame(const struct frame *frame, uint64_t number)
{
	must(frame->number == number);
	must(frame->interface);
	must(frame->captured <= CAPTURE_BLOCK_MAX);
	touch(frame->bytes, frame->captured);
	if (frame->block)
		touch(frame->block->bytes, frame->block->length);
	if (frame->interface->name)
		touch(frame->interface->name, strlen(frame->interface->name));
}

static void check_end(struct source *source, int end)
{
	struct frame frame;

	must(end < 0);
	must((*savefile_read_error(source) == '\0') == (end == -ENODATA));
	must(source->next(source, &frame) == end);
}

static void read_all(int fd, struct supply *supply)
{
	struct source *source = savefile_read_open(fd, "capture");
	uint64_t number = 0;
	struct frame frame;
	int ret;

	must(source);
	while ((ret = source->next(source, &frame)) >= 0) {
		if (ret)
			check_frame(&frame, ++number);
		else
			feed(supply);
	}
	check_end(source, ret);
	savefile_read_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = {bytes, size};
	uint8_t way = (uint8_t)take(&input, 1);
	struct supply supply = {.rest = input, .step = 7 + way / 16 * 16u, .fd = -1};
	int ends[2];

	if (way % 16) {
		read_all(regular_file(&input), &supply);
		return 0;
	}
	must(pipe2(ends, O_CLOEXEC) == 0);
	supply.fd = ends[1];
	read_all(ends[0], &supply);
	if (supply.fd >= 0)
		close(supply.fd);
	close(ends[0]);
	return 0;
}
