/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PCAPNG_COPY_H
#define BPFSNIFF_PCAPNG_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "savefile/pcapng_block.h"

struct writer;
struct file_block;
struct frame;

/* The section of another pcapng file that is being copied. Blocks are written in its byte order, with its interface
 * numbers, so that what nobody here knows stays true. */
struct section_copy {
	bool is_open;                     /* a section has begun */
	struct pcapng_block descriptions; /* what each file of a rotation begins with: blocks, as they were written */
	uint64_t *written;                /* packets of each interface */
	uint32_t interface_count;
	struct pcapng_block block; /* being put together */
};

/*
 * Copy a block that is no packet. What copying makes untrue is changed: the length of the section is unknown, and
 * counts of a statistics block are those of the packets written, where some were left out. Custom blocks and options
 * that are not to be copied are left out (draft-ietf-opsawg-pcapng sections 3.5.1 and 4.9). 0 or -errno.
 */
int pcapng_copy_block(struct writer *writer, const struct file_block *block);

/* Copy the block of a packet, cut to frame->captured bytes. 0 or -errno. */
int pcapng_copy_packet(struct writer *writer, const struct frame *frame);

/* Begin one more file with the descriptions of the section. 0 or -errno. */
int pcapng_copy_start(struct writer *writer);

/* Takes a zeroed struct too. */
void pcapng_copy_release(struct section_copy *copy);

#endif
