/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DECOMPRESS_H
#define BPFSNIFF_DECOMPRESS_H

#include <stddef.h>
#include <stdint.h>

enum { DECOMPRESS_MAGIC = 4 }; /* bytes by which a format is recognised */

/* A compressed format, as one stream of any number of members (RFC 1952 section 2.2, RFC 8878 section 3). */
struct decompressor {
	uint8_t magic[DECOMPRESS_MAGIC];
	size_t magic_length;
	const char *damaged, *cut; /* what to say of such data */
	/* A new state, or NULL when there is no memory. */
	void *(*open)(void);
	/* Turn what lies at *in into bytes at *out, and advance both. Does something as long as there are input and
	 * room. 1 within a member, 0 at the end of one, -EBADMSG when the data is damaged, -ENOMEM. */
	int (*run)(void *state, const uint8_t **in, const uint8_t *in_end, uint8_t **out, const uint8_t *out_end);
	void (*close)(void *state);
};

/* The format of a stream that starts with these bytes; NULL when it is none. */
const struct decompressor *decompressor_find(const uint8_t *start, size_t length);

#endif
