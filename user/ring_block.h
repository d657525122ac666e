/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_BLOCK_H
#define BPFSNIFF_RING_BLOCK_H

#include <stdint.h>

/* The measures of a ring; for ring*.c only. */
enum {
	/*
	 * A block is handed over when it is full or has been open for BLOCK_TIMEOUT_MS: that is the latency on an idle
	 * link, and there a block holds one frame. Many small blocks keep that from using up the ring; a superpacket of
	 * 64 KiB fits each.
	 */
	BLOCK_SIZE = 128 * 1024,
	BLOCK_TIMEOUT_MS = 2,
	BLOCKS_MIN = 2,
	BLOCKS_MAX = UINT32_MAX / BLOCK_SIZE, /* the kernel counts the bytes in 32 bits */
	FRAME_SIZE = 2048,                    /* of no meaning to TPACKET_V3, but it must divide the block */
	VLAN_TAG_SIZE = 4,
};

/* How many blocks a ring of so many bytes has. */
uint32_t ring_block_count(uint64_t buffer_size);

#endif
