/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PCAPNG_BLOCK_H
#define BPFSNIFF_PCAPNG_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block_writer;

/* A pcapng block under construction, on the heap: for the rare blocks, and, zeroed at first, for options alone. Packets
 * are laid out in place (pcapng_write.c). Numbers are in the byte order of this machine, but in pcapng_copy.c. */
struct pcapng_block {
	uint8_t *bytes;
	size_t length, size;
	bool failed; /* out of memory */
};

/* Start a block with the part before its options. Running out of memory, here or later, sets block->failed. */
void pcapng_block_init(struct pcapng_block *block, uint32_t type, const void *body, size_t length);

/* Append bytes. */
void pcapng_block_append(struct pcapng_block *block, const void *bytes, size_t length);

/* Append an option of at most 65535 bytes; a longer one is left out. */
void pcapng_block_option(struct pcapng_block *block, uint16_t code, const void *value, size_t length);

/* Append an option that is text; NULL appends none. */
void pcapng_block_text(struct pcapng_block *block, uint16_t code, const char *text);

/* Complete the block, write it, and release it. 0, -ENOMEM, or the -errno of a write. */
int pcapng_block_write(struct pcapng_block *block, struct block_writer *out);

/* Free the bytes. Takes a zeroed struct too. */
void pcapng_block_release(struct pcapng_block *block);

#endif
