/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PCAPNG_BLOCK_H
#define BPFSNIFF_PCAPNG_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block_writer;

/* A pcapng block under construction, of those that are rare: in memory of its own. */
struct pcapng_block_draft {
	uint8_t *bytes;
	size_t length, size;
	bool failed; /* there was no memory */
};

/* Start a block with what stands before its options. */
void pcapng_block_start(struct pcapng_block_draft *draft, uint32_t type, const void *body, size_t length);

/* Add an option, of at most 65535 bytes; a longer one is left out. */
void pcapng_block_option(struct pcapng_block_draft *draft, uint16_t code, const void *value, size_t length);

/* Add an option that is text; NULL: none. */
void pcapng_block_text(struct pcapng_block_draft *draft, uint16_t code, const char *text);

/* Close the block, write it and free it. 0, -ENOMEM, or the -errno of a write. */
int pcapng_block_put(struct pcapng_block_draft *draft, struct block_writer *out);

#endif
