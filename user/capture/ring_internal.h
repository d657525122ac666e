/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_INTERNAL_H
#define BPFSNIFF_RING_INTERNAL_H

#include "capture/ring.h"

/* The dimensions of a ring. */
enum {
	/*
	 * The kernel hands over a block when it is full or its timeout ends. The timeout is the latency on an idle
	 * link, where each block holds a single frame; many small blocks keep those frames from using up the ring. A
	 * superpacket of 64 KiB fits into the smallest. Where nobody waits for frames, larger blocks wake the reader
	 * less often.
	 */
	BLOCK_SIZE_MIN = 128 * 1024,
	BLOCK_SIZE_PATIENT = 1024 * 1024,
	BLOCK_TIMEOUT_MS = 2,
	BLOCK_TIMEOUT_PATIENT_MS = 20,
	BLOCKS_MIN = 2,
	BLOCKS_PATIENT = 32, /* at least, before blocks get larger */
	FRAME_SIZE = 2048,   /* TPACKET_V3 ignores it, but it must divide the block */
	VLAN_TAG_SIZE = 4,
};

/* How the memory of a ring is divided into blocks. */
struct ring_blocks {
	uint32_t size, count; /* bytes, blocks */
	uint32_t timeout_ms;
};

struct ring_blocks ring_divide(const struct ring_options *options);

#endif
