/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_INPUT_H
#define BPFSNIFF_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Shared by all fuzz targets: taking the input from its front, and checking conditions. */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The entry point of libFuzzer (https://llvm.org/docs/LibFuzzer.html). */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

/* Take a little-endian number of up to 8 bytes; bytes past the end of the input are zero. */
static inline uint64_t take(struct input *input, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size && input->left > 0; i++, input->left--)
		value |= (uint64_t)*input->at++ << 8 * i;
	return value;
}

/* Take up to `size` bytes. Returns how many there are. */
static inline size_t take_bytes(struct input *input, size_t size, const uint8_t **bytes)
{
	size_t taken = size < input->left ? size : input->left;

	*bytes = input->at;
	input->at += taken;
	input->left -= taken;
	return taken;
}

/* Abort unless a condition holds; libFuzzer then saves the input. */
#define must(condition)                                                                                \
	do {                                                                                           \
		if (!(condition)) {                                                                    \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                       \
		}                                                                                      \
	} while (0)

#endif
