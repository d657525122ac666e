/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/decompress.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "input.h"

/* Any bytes as gzip or zstd data, in pieces and buffers of any size: each call makes progress or returns an error. */

enum { ROOM_MAX = 256, CALLS_MAX = 256 };

/* Decompress one piece; what it leaves becomes the start of the next. Returns whether to go on. */
static bool run_piece(const struct decompressor *format, void *state, struct input *input, size_t piece,
		      uint8_t *unpacked, size_t room)
{
	const uint8_t *in = input->at, *in_end = in + (piece < input->left ? piece : input->left);
	uint8_t *out = unpacked;
	int ret;

	ret = format->run(state, &in, in_end, &out, unpacked + room);
	must(in >= input->at && in <= in_end && out >= unpacked && out <= unpacked + room);
	must(ret == 1 || ret == 0 || ret == -EBADMSG || ret == -ENOMEM);
	must(ret <= 0 || in > input->at || out > unpacked || in == in_end);
	if (ret < 0 || (in == in_end && in_end == input->at + input->left && out < unpacked + room))
		return false;
	input->left -= (size_t)(in - input->at);
	input->at = in;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = {bytes, size};
	size_t piece = take(&input, 1) + 1, room = take(&input, 1) % ROOM_MAX + 1;
	const struct decompressor *format = decompressor_find(input.at, input.left);
	size_t calls = 0;
	uint8_t *unpacked;
	void *state;

	if (!format)
		return 0;
	state = format->open();
	unpacked = malloc(room);
	must(state && unpacked);
	while (calls++ < CALLS_MAX && run_piece(format, state, &input, piece, unpacked, room))
		;
	free(unpacked);
	format->close(state);
	return 0;
}
