/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_INTERNAL_H
#define BPFSNIFF_RING_INTERNAL_H

#include "capture/ring.h"

/* The measures of a ring; for ring*.c only. */
enum {
	/*
	 * A block is handed over when it is full or has been open for so long: that is the latency on an idle link, and
	 * there a block holds one frame. Many small blocks keep that from using up the ring; a superpacket of 64 KiB
	 * fits each. Where nobody waits for a frame, larger blocks wake the reader less often.
	 */
	BLOCK_SIZE_MIN = 128 * 1024,
	BLOCK_SIZE_PATIENT = 1024 * 1024,
	BLOCK_TIMEOUT_MS = 2,
	BLOCK_TIMEOUT_PATIENT_MS = 20,
	BLOCKS_MIN = 2,
	BLOCKS_PATIENT = 32, /* or more, of large ones */
	FRAME_SIZE = 2048,   /* of no meaning to TPACKET_V3, but it must divide the block */
	VLAN_TAG_SIZE = 4,
};

/* How the memory of a ring is divided. */
struct ring_blocks {
	uint32_t size, count;
	uint32_t timeout_ms;
};

struct ring_blocks ring_divide(const struct ring_options *options);

#endif
