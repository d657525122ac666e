/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_KERNEL_RING_H
#define BPFSNIFF_TESTS_KERNEL_RING_H

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/ring.h"

/*
 * Rings over files, which the test fills and takes back as the kernel does: they have the blocks of TPACKET_V3
 * (linux/if_packet.h). Included after cmocka.h.
 */

enum {
	BLOCK_SIZE = 128 * 1024,
	BLOCKS = 4,
	RINGS = 2,
	FRAME_BYTES = 60,
	/* Where the parts of a frame stand, as tpacket_rcv() puts them. */
	MAC_OFFSET = TPACKET_ALIGN(TPACKET3_HDRLEN) + 16,
	FRAME_SPACE = TPACKET_ALIGN(MAC_OFFSET + FRAME_BYTES),
};

static const unsigned int ifindexes[RINGS] = {1, 1};

struct rings {
	struct ring_session session;
	struct source *source;
	uint8_t *memory[RINGS]; /* as the kernel sees it */
};

static inline struct tpacket_block_desc *block_of(const struct rings *rings, size_t ring, size_t block)
{
	return (struct tpacket_block_desc *)(rings->memory[ring] + block * BLOCK_SIZE);
}

/* Whose the block is. */
static inline uint32_t status_of(const struct rings *rings, size_t ring, size_t block)
{
	return __atomic_load_n(&block_of(rings, ring, block)->hdr.bh1.block_status, __ATOMIC_ACQUIRE);
}

static inline void open_rings(struct rings *rings, size_t count)
{
	const struct ring_options options = {
		.ifindexes = ifindexes,
		.count = count,
		.buffer_size = (uint64_t)BLOCKS * BLOCK_SIZE,
	};
	int fds[RINGS];

	*rings = (struct rings){.session.snaplen = 262144};
	for (size_t i = 0; i < count; i++) {
		fds[i] = memfd_create("ring", 0);
		assert_true(fds[i] >= 0);
		assert_int_equal(ftruncate(fds[i], (off_t)BLOCKS * BLOCK_SIZE), 0);
		rings->memory[i] =
			mmap(NULL, (size_t)BLOCKS * BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fds[i], 0);
		assert_true(rings->memory[i] != MAP_FAILED);
	}
	assert_int_equal(ring_open(fds, &options, &rings->session, &rings->source), 0);
}

static inline void close_rings(struct rings *rings)
{
	ring_close(rings->source);
	interface_table_release(&rings->session.interfaces);
	for (size_t i = 0; i < RINGS; i++)
		if (rings->memory[i])
			munmap(rings->memory[i], (size_t)BLOCKS * BLOCK_SIZE);
}

/* Fill a block with frames and hand it over. The bytes of each are one number, counted up from `first`; `step` times
 * that is its time in seconds. */
static inline void fill(const struct rings *rings, size_t ring, size_t block, uint8_t first, uint32_t count,
			uint32_t step)
{
	struct tpacket_block_desc *descriptor = block_of(rings, ring, block);
	uint8_t *at = (uint8_t *)descriptor + TPACKET_ALIGN(sizeof(*descriptor));

	memset(descriptor, 0, BLOCK_SIZE);
	descriptor->hdr.bh1.num_pkts = count;
	descriptor->hdr.bh1.offset_to_first_pkt = TPACKET_ALIGN(sizeof(*descriptor));
	for (uint32_t i = 0; i < count; i++) {
		struct tpacket3_hdr *header = (struct tpacket3_hdr *)at;
		struct sockaddr_ll *address = (void *)(at + TPACKET_ALIGN(sizeof(*header)));

		*header = (struct tpacket3_hdr){
			.tp_next_offset = i + 1 < count ? FRAME_SPACE : 0,
			.tp_sec = (first + i) * step,
			.tp_snaplen = FRAME_BYTES,
			.tp_len = FRAME_BYTES,
			.tp_mac = MAC_OFFSET,
			.tp_net = MAC_OFFSET + ETH_HLEN,
		};
		address->sll_ifindex = 1;
		address->sll_hatype = ARPHRD_ETHER;
		memset(at + MAC_OFFSET, (int)(first + i), FRAME_BYTES);
		at += FRAME_SPACE;
	}
	__atomic_store_n(&descriptor->hdr.bh1.block_status, TP_STATUS_USER, __ATOMIC_RELEASE);
}

static inline void expect_frame(const struct rings *rings, uint8_t byte, struct frame *frame)
{
	uint8_t expected[FRAME_BYTES];

	memset(expected, byte, sizeof(expected));
	assert_int_equal(rings->source->next(rings->source, frame), 1);
	assert_int_equal(frame->captured, FRAME_BYTES);
	assert_memory_equal(frame->bytes, expected, sizeof(expected));
}

static inline void expect_none(const struct rings *rings)
{
	struct frame frame;

	assert_int_equal(rings->source->next(rings->source, &frame), 0);
}

/* The header of the n-th frame of a block that fill() has filled, from 0. */
static inline struct tpacket3_hdr *header_of(struct tpacket_block_desc *block, size_t n)
{
	return (struct tpacket3_hdr *)((uint8_t *)block + TPACKET_ALIGN(sizeof(*block)) + n * FRAME_SPACE);
}

static inline struct sockaddr_ll *address_of(struct tpacket3_hdr *header)
{
	return (struct sockaddr_ll *)((uint8_t *)header + TPACKET_ALIGN(sizeof(*header)));
}

#endif
