/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_INPUT_H
#define BPFSNIFF_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* What all fuzz targets share: the input, taken from its front, and what must hold. */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What libFuzzer calls; docs: "libFuzzer - a library for coverage-guided fuzz testing" of LLVM. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

/* Numbers of up to 8 bytes, the low one first; past the end of the input they are zero. */
static inline uint64_t take(struct input *input, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size && input->left > 0; i++, input->left--)
		value |= (uint64_t)*input->at++ << 8 * i;
	return value;
}

/* Up to `size` bytes as they are; how many there are. */
static inline size_t take_bytes(struct input *input, size_t size, const uint8_t **bytes)
{
	size_t taken = size < input->left ? size : input->left;

	*bytes = input->at;
	input->at += taken;
	input->left -= taken;
	return taken;
}

/* libFuzzer keeps the input when this fails. */
#define must(condition)                                                                                \
	do {                                                                                           \
		if (!(condition)) {                                                                    \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                       \
		}                                                                                      \
	} while (0)

#endif
