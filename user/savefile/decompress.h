/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DECOMPRESS_H
#define BPFSNIFF_DECOMPRESS_H

#include <stddef.h>
#include <stdint.h>

enum { DECOMPRESS_MAGIC = 4 }; /* bytes by which a format is recognised */

/* A compressed format: a stream of any number of members (gzip, RFC 1952 section 2.2) or frames (zstd, RFC 8878
 * section 3), here both called members. */
struct decompressor {
	uint8_t magic[DECOMPRESS_MAGIC];
	size_t magic_length;
	const char *damaged, *cut; /* error messages */
	/* A new state, or NULL without memory. */
	void *(*open)(void);
	/* Decompress from *in to *out and advance both, which makes progress as long as there is input and room.
	 * 1 within a member, 0 at the end of one, -EBADMSG when the data is damaged, or -ENOMEM. */
	int (*run)(void *state, const uint8_t **in, const uint8_t *in_end, uint8_t **out, const uint8_t *out_end);
	/* Free the state. Takes NULL. */
	void (*close)(void *state);
};

/* The format of a stream that starts with these bytes, or NULL when it is not compressed. */
const struct decompressor *decompressor_find(const uint8_t *start, size_t length);

#endif
