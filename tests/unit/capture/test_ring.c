/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader of a ring, with a file that acts as the kernel: it has the blocks of TPACKET_V3 (linux/if_packet.h),
 * filled and taken back here. What only the kernel can do is tested in tests/netns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/cooked_header.h"
#include "capture/ring.h"

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

static struct tpacket_block_desc *block_of(const struct rings *rings, size_t ring, size_t block)
{
	return (struct tpacket_block_desc *)(rings->memory[ring] + block * BLOCK_SIZE);
}

/* Whose the block is. */
static uint32_t status_of(const struct rings *rings, size_t ring, size_t block)
{
	return __atomic_load_n(&block_of(rings, ring, block)->hdr.bh1.block_status, __ATOMIC_ACQUIRE);
}

static void open_rings(struct rings *rings, size_t count)
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

static void close_rings(struct rings *rings)
{
	ring_close(rings->source);
	interface_table_release(&rings->session.interfaces);
	for (size_t i = 0; i < RINGS; i++)
		if (rings->memory[i])
			munmap(rings->memory[i], (size_t)BLOCKS * BLOCK_SIZE);
}

/* Fill a block with frames and hand it over. The bytes of each are one number, counted up from `first`; `step` times
 * that is its time in seconds. */
static void fill(const struct rings *rings, size_t ring, size_t block, uint8_t first, uint32_t count, uint32_t step)
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

static void expect_frame(const struct rings *rings, uint8_t byte, struct frame *frame)
{
	uint8_t expected[FRAME_BYTES];

	memset(expected, byte, sizeof(expected));
	assert_int_equal(rings->source->next(rings->source, frame), 1);
	assert_int_equal(frame->captured, FRAME_BYTES);
	assert_memory_equal(frame->bytes, expected, sizeof(expected));
}

static void expect_none(const struct rings *rings)
{
	struct frame frame;

	assert_int_equal(rings->source->next(rings->source, &frame), 0);
}

/* A block is the reader's until its last frame has been read: only the next call gives it back. */
static void a_block_is_kept_until_it_has_been_read(void **state)
{
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 1);
	expect_none(&rings);
	fill(&rings, 0, 0, 10, 3, 1);
	fill(&rings, 0, 1, 20, 1, 1);
	for (uint8_t i = 0; i < 3; i++) {
		expect_frame(&rings, 10 + i, &frame);
		assert_int_equal(status_of(&rings, 0, 0), TP_STATUS_USER);
	}
	expect_frame(&rings, 20, &frame);
	assert_int_equal(status_of(&rings, 0, 0), TP_STATUS_KERNEL);
	assert_int_equal(status_of(&rings, 0, 1), TP_STATUS_USER);
	expect_none(&rings);
	assert_int_equal(status_of(&rings, 0, 1), TP_STATUS_KERNEL);
	assert_int_equal(rings.session.delivered, 4);
	close_rings(&rings);
}

/* After the last block comes the first; one without frames is passed over and given back. */
static void round_and_round(void **state)
{
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 1);
	for (size_t round = 0; round < 3; round++)
		for (size_t block = 0; block < BLOCKS; block++) {
			uint32_t count = block == 2 ? 0 : (uint32_t)block + 1;

			fill(&rings, 0, block, 100, count, 1);
			for (uint32_t i = 0; i < count; i++)
				expect_frame(&rings, (uint8_t)(100 + i), &frame);
			expect_none(&rings);
			assert_int_equal(status_of(&rings, 0, block), TP_STATUS_KERNEL);
		}
	close_rings(&rings);
}

/* Frames of two rings by their times, each block kept as long as a frame of it is with the reader. */
static void two_rings_in_order_of_time(void **state)
{
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 2);
	fill(&rings, 0, 0, 1, 2, 10); /* 10, 20 s */
	fill(&rings, 1, 0, 3, 2, 6);  /* 18, 24 s */
	fill(&rings, 0, 1, 3, 1, 10); /* 30 s */
	fill(&rings, 1, 1, 5, 1, 5);  /* 25 s */
	expect_frame(&rings, 1, &frame);
	expect_frame(&rings, 3, &frame);
	assert_int_equal(frame.time_ns, 18000000000);
	expect_frame(&rings, 2, &frame);
	expect_frame(&rings, 4, &frame);
	assert_int_equal(status_of(&rings, 1, 0), TP_STATUS_USER);
	expect_frame(&rings, 5, &frame);
	assert_int_equal(frame.time_ns, 25000000000);
	assert_int_equal(status_of(&rings, 1, 0), TP_STATUS_KERNEL);
	expect_frame(&rings, 3, &frame);
	assert_int_equal(frame.time_ns, 30000000000);
	expect_none(&rings);
	close_rings(&rings);
}

struct mark {
	uint32_t status;
	enum checksum_offload offload;
};

static void checksums(void **state)
{
	static const struct mark marks[] = {
		{TP_STATUS_CSUMNOTREADY, OFFLOAD_PENDING},
		{TP_STATUS_CSUM_VALID, OFFLOAD_VALID},
		{0, OFFLOAD_NONE},
	};
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 1);
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		struct tpacket_block_desc *block = block_of(&rings, 0, i);
		struct tpacket3_hdr *header = (void *)((uint8_t *)block + TPACKET_ALIGN(sizeof(*block)));

		fill(&rings, 0, i, 1, 1, 1);
		header->tp_status = marks[i].status;
		expect_frame(&rings, 1, &frame);
		assert_int_equal(frame.offload, marks[i].offload);
	}
	close_rings(&rings);
}

/* The tag that stood beside the bytes counts for the snaplen: 60 bytes and 4, of which 62 are kept. */
static void tagged_frame(void **state)
{
	const uint8_t tag[] = {0x88, 0xa8, 0x00, 0x0a};
	struct tpacket_block_desc *block;
	struct tpacket3_hdr *header;
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 1);
	rings.session.snaplen = 62;
	fill(&rings, 0, 0, 7, 1, 1);
	block = block_of(&rings, 0, 0);
	header = (void *)((uint8_t *)block + TPACKET_ALIGN(sizeof(*block)));
	header->tp_status = TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID;
	header->hv1.tp_vlan_tci = 10;
	for (size_t i = 0; i < 2 * (size_t)ETH_ALEN; i++)
		((uint8_t *)header)[MAC_OFFSET + i] = (uint8_t)i;
	header->hv1.tp_vlan_tpid = ETH_P_8021AD;
	assert_int_equal(rings.source->next(rings.source, &frame), 1);
	assert_int_equal(frame.length, FRAME_BYTES + sizeof(tag));
	assert_int_equal(frame.captured, 62);
	assert_memory_equal(frame.bytes + 2 * (size_t)ETH_ALEN, tag, sizeof(tag));
	for (size_t i = 0; i < 2 * (size_t)ETH_ALEN; i++)
		assert_int_equal(frame.bytes[i], i);
	close_rings(&rings);
}

/* Two rings with frames of the same time: the first interface comes first. */
static void the_same_time_in_two_rings(void **state)
{
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 2);
	fill(&rings, 1, 0, 30, 1, 0);
	fill(&rings, 0, 0, 10, 2, 0);
	expect_frame(&rings, 10, &frame);
	expect_frame(&rings, 11, &frame);
	expect_frame(&rings, 30, &frame);
	expect_none(&rings);
	close_rings(&rings);
}

/* The header of the n-th frame of a block that fill() has filled, from 0. */
static struct tpacket3_hdr *header_of(struct tpacket_block_desc *block, size_t n)
{
	return (struct tpacket3_hdr *)((uint8_t *)block + TPACKET_ALIGN(sizeof(*block)) + n * FRAME_SPACE);
}

static struct sockaddr_ll *address_of(struct tpacket3_hdr *header)
{
	return (struct sockaddr_ll *)((uint8_t *)header + TPACKET_ALIGN(sizeof(*header)));
}

/* Frames are numbered from 1, and their times go beyond 2038 to the nanosecond. */
static void numbers_and_times(void **state)
{
	struct tpacket3_hdr *header;
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 1);
	fill(&rings, 0, 0, 1, 2, 1);
	header = header_of(block_of(&rings, 0, 0), 1);
	header->tp_sec = UINT32_MAX;
	header->tp_nsec = 999999999;
	expect_frame(&rings, 1, &frame);
	assert_int_equal(frame.number, 1);
	assert_true(frame.has_time);
	assert_int_equal(frame.time_ns, 1000000000);
	expect_frame(&rings, 2, &frame);
	assert_int_equal(frame.number, 2);
	assert_int_equal(frame.time_ns, 4294967295999999999);
	close_rings(&rings);
}

/* Of all types only what this host sends goes out, and the type is kept as the kernel gave it. */
static void types_of_packets(void **state)
{
	static const uint8_t types[] = {PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST,
					PACKET_OUTGOING};
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 1);
	fill(&rings, 0, 0, 1, sizeof(types), 1);
	for (size_t i = 0; i < sizeof(types); i++)
		address_of(header_of(block_of(&rings, 0, 0), i))->sll_pkttype = types[i];
	for (size_t i = 0; i < sizeof(types); i++) {
		expect_frame(&rings, (uint8_t)(1 + i), &frame);
		assert_int_equal(frame.packet_type, types[i]);
		assert_int_equal(frame.direction, types[i] == PACKET_OUTGOING ? DIRECTION_OUT : DIRECTION_IN);
	}
	close_rings(&rings);
}

/* A tag whose type the kernel did not note is one of 802.1Q. It goes behind the addresses, if they were captured. */
static void tags_of_short_frames(void **state)
{
	const uint8_t tag[] = {0x81, 0x00, 0xef, 0xfe};

	(void)state;
	for (uint32_t captured = 11; captured <= 13; captured++) {
		struct tpacket3_hdr *header;
		struct rings rings;
		struct frame frame;
		size_t added = captured < 12 ? 0 : sizeof(tag);

		open_rings(&rings, 1);
		fill(&rings, 0, 0, 7, 1, 1);
		header = header_of(block_of(&rings, 0, 0), 0);
		header->tp_status = TP_STATUS_VLAN_VALID;
		header->hv1.tp_vlan_tci = 0xeffe;
		header->hv1.tp_vlan_tpid = ETH_P_8021AD;
		header->tp_snaplen = captured;
		assert_int_equal(rings.source->next(rings.source, &frame), 1);
		assert_int_equal(frame.captured, captured + added);
		assert_int_equal(frame.length, FRAME_BYTES + added);
		if (added)
			assert_memory_equal(frame.bytes + 12, tag, sizeof(tag));
		close_rings(&rings);
	}
}

/* Where a sender has not said where the network header is, 14 bytes can be an Ethernet header, and 13 cannot. */
static void a_header_that_is_only_just_there(void **state)
{
	(void)state;
	for (uint32_t captured = 13; captured <= 14; captured++) {
		struct tpacket3_hdr *header;
		struct rings rings;
		struct frame frame;

		open_rings(&rings, 1);
		fill(&rings, 0, 0, 7, 1, 1);
		header = header_of(block_of(&rings, 0, 0), 0);
		header->tp_net = header->tp_mac;
		header->tp_snaplen = captured;
		address_of(header)->sll_protocol = htons(ETH_P_802_2);
		assert_int_equal(rings.source->next(rings.source, &frame), 1);
		assert_int_equal(frame.interface->link_type, captured < 14 ? LINK_LINUX_SLL : LINK_ETHERNET);
		assert_int_equal(frame.captured, captured < 14 ? captured + COOKED_HEADER : captured);
		close_rings(&rings);
	}
}

enum field { COUNT, FIRST, NEXT, MAC, SNAPLEN, LENGTH };

/* Write a value that the kernel would not write: into the block, or into its second frame. */
static void spoil(struct tpacket_block_desc *block, enum field field, uint32_t value)
{
	struct tpacket3_hdr *second = header_of(block, 1);

	switch (field) {
	case COUNT:
		block->hdr.bh1.num_pkts = value;
		break;
	case FIRST:
		block->hdr.bh1.offset_to_first_pkt = value;
		break;
	case NEXT:
		second->tp_next_offset = value;
		break;
	case MAC:
		second->tp_mac = (uint16_t)value;
		break;
	case SNAPLEN:
		second->tp_snaplen = value;
		break;
	case LENGTH:
		second->tp_len = value;
		break;
	}
}

/* Where the second frame is, and where the bytes of a frame may begin. */
enum { SECOND = TPACKET_ALIGN(sizeof(struct tpacket_block_desc)) + FRAME_SPACE, MAC_MIN = TPACKET3_HDRLEN + 4 };

/* How many frames of three are left of a block with such a value. */
static const struct {
	enum field field;
	uint32_t value;
	uint8_t frames;
} spoiled[] = {
	{COUNT, UINT32_MAX, 3},
	{FIRST, UINT32_MAX, 0},
	{FIRST, BLOCK_SIZE, 0},
	{FIRST, BLOCK_SIZE - 1, 0},
	{FIRST, BLOCK_SIZE - MAC_MIN + 1, 0},
	{FIRST, BLOCK_SIZE - MAC_MIN, 0}, /* zeroes, so tp_mac is 0 */
	{NEXT, 0, 2},
	{NEXT, 1, 2},
	{NEXT, MAC_MIN - 1, 2},
	{NEXT, UINT32_MAX, 2},
	{NEXT, BLOCK_SIZE - SECOND, 2},
	{NEXT, BLOCK_SIZE - SECOND - MAC_MIN + 1, 2},
	{MAC, 0, 1},
	{MAC, MAC_MIN - 1, 1},
	{SNAPLEN, UINT32_MAX, 1},
	{SNAPLEN, FRAME_BYTES + 1, 1}, /* more than tp_len */
	{LENGTH, FRAME_BYTES - 1, 1},
	{LENGTH, UINT32_MAX, 1},
};

/* What is left of the block comes, the rest is passed over, and the next block is read as if nothing had been. */
static void blocks_that_contradict_themselves(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(spoiled) / sizeof(*spoiled); i++) {
		struct rings rings;
		struct frame frame;

		open_rings(&rings, 1);
		fill(&rings, 0, 0, 10, 3, 1);
		spoil(block_of(&rings, 0, 0), spoiled[i].field, spoiled[i].value);
		fill(&rings, 0, 1, 20, 1, 1);
		for (uint8_t n = 0; n < spoiled[i].frames; n++)
			expect_frame(&rings, 10 + n, &frame);
		expect_frame(&rings, 20, &frame);
		assert_int_equal(status_of(&rings, 0, 0), TP_STATUS_KERNEL);
		expect_none(&rings);
		assert_int_equal(rings.session.delivered, spoiled[i].frames + 1);
		close_rings(&rings);
	}
}

/* The last byte of a frame may be the last byte of its block, and not the one behind it. */
static void a_frame_that_ends_with_its_block(void **state)
{
	(void)state;
	for (uint32_t excess = 0; excess < 2; excess++) {
		struct tpacket3_hdr *header;
		struct rings rings;
		struct frame frame;

		open_rings(&rings, 1);
		fill(&rings, 0, BLOCKS - 1, 1, 1, 1);
		for (size_t block = 0; block < BLOCKS - 1; block++)
			fill(&rings, 0, block, 1, 0, 1);
		header = header_of(block_of(&rings, 0, BLOCKS - 1), 0);
		header->tp_snaplen =
			BLOCK_SIZE - TPACKET_ALIGN(sizeof(struct tpacket_block_desc)) - MAC_OFFSET + excess;
		header->tp_len = header->tp_snaplen;
		assert_int_equal(rings.source->next(rings.source, &frame), !excess);
		assert_true(excess || frame.captured == header->tp_snaplen);
		close_rings(&rings);
	}
}

/* The bytes of a frame may not begin behind its block, even if there are none. */
static void a_frame_that_begins_behind_its_block(void **state)
{
	enum { ROOM = 4096 };

	(void)state;
	for (uint16_t excess = 0; excess < 2; excess++) {
		struct tpacket_block_desc *block;
		struct tpacket3_hdr *header;
		struct rings rings;
		struct frame frame;

		open_rings(&rings, 1);
		fill(&rings, 0, 0, 1, 1, 1);
		block = block_of(&rings, 0, 0);
		block->hdr.bh1.offset_to_first_pkt = BLOCK_SIZE - ROOM;
		header = (void *)((uint8_t *)block + BLOCK_SIZE - ROOM);
		header->tp_mac = header->tp_net = (uint16_t)(ROOM + excess);
		assert_int_equal(rings.source->next(rings.source, &frame), !excess);
		close_rings(&rings);
	}
}

/* Whatever length a block gives, no more is kept than the snaplen. */
static void no_more_than_the_snaplen(void **state)
{
	struct rings rings;
	struct frame frame;

	(void)state;
	open_rings(&rings, 1);
	rings.session.snaplen = FRAME_BYTES - 1;
	fill(&rings, 0, 0, 1, 1, 1);
	assert_int_equal(rings.source->next(rings.source, &frame), 1);
	assert_int_equal(frame.captured, FRAME_BYTES - 1);
	assert_int_equal(frame.length, FRAME_BYTES);
	close_rings(&rings);
}

/* xorshift32 */
static uint32_t next_number(void)
{
	static uint32_t number = 1;

	number ^= number << 13;
	number ^= number >> 17;
	number ^= number << 5;
	return number;
}

/* A number that is often near a limit. */
static uint32_t any_number(void)
{
	static const uint32_t limits[] = {0,          MAC_MIN,    MAC_OFFSET,      FRAME_SPACE, 0x10000,
					  BLOCK_SIZE, 0x7fffffff, UINT32_MAX / 2U, UINT32_MAX};
	uint32_t number = next_number();

	if (number % 4 == 0)
		return next_number();
	if (number % 4 == 1)
		return next_number() % BLOCK_SIZE;
	return limits[number / 4 % (sizeof(limits) / sizeof(*limits))] + next_number() % 5 - 2;
}

static void fill_at_random(const struct rings *rings)
{
	struct tpacket_block_desc *block = block_of(rings, 0, 0);
	uint32_t count = next_number() % 40;

	fill(rings, 0, 0, 1, count, 1);
	for (uint32_t i = 0; i < count; i++) {
		struct tpacket3_hdr *header = header_of(block, i);

		if (next_number() % 8)
			continue;
		switch (next_number() % 6) {
		case 0:
			header->tp_next_offset = any_number();
			break;
		case 1:
			header->tp_mac = (uint16_t)any_number();
			break;
		case 2:
			header->tp_snaplen = header->tp_len = any_number();
			break;
		case 3:
			header->tp_len = any_number();
			break;
		case 4:
			header->tp_net = (uint16_t)any_number();
			break;
		default:
			header->tp_status = next_number();
			break;
		}
	}
	if (next_number() % 4 == 0)
		block->hdr.bh1.num_pkts = any_number();
	if (next_number() % 8 == 0)
		block->hdr.bh1.offset_to_first_pkt = any_number();
}

/* Whatever stands in a block, the frames lie in it, they are no more than fit, and the block is given back. */
static void random_blocks(void **state)
{
	enum { ROUNDS = 20000 };
	struct rings rings;
	struct frame frame;
	const uint8_t *map;
	uint32_t sum = 0;

	(void)state;
	open_rings(&rings, 1);
	fill(&rings, 0, 0, 1, 1, 1);
	expect_frame(&rings, 1, &frame);
	map = frame.bytes - MAC_OFFSET - TPACKET_ALIGN(sizeof(struct tpacket_block_desc));
	for (size_t block = 1; block < BLOCKS; block++)
		fill(&rings, 0, block, 1, 0, 1);
	expect_none(&rings);
	for (size_t round = 0; round < ROUNDS; round++) {
		size_t frames = 0;

		fill_at_random(&rings);
		while (rings.source->next(rings.source, &frame)) {
			assert_in_range(frame.bytes - map, MAC_MIN - COOKED_HEADER, BLOCK_SIZE);
			assert_true(frame.captured <= map + BLOCK_SIZE - frame.bytes);
			assert_true(frame.captured <= frame.length);
			for (size_t i = 0; i < frame.captured; i += 1 + i / 64)
				sum += frame.bytes[i];
			frames++;
		}
		assert_true(frames <= BLOCK_SIZE / MAC_MIN);
		assert_int_equal(status_of(&rings, 0, 0), TP_STATUS_KERNEL);
		for (size_t block = 1; block < BLOCKS; block++)
			fill(&rings, 0, block, 1, 0, 1);
		expect_none(&rings);
	}
	assert_int_not_equal(sum, 0);
	close_rings(&rings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_kept_until_it_has_been_read),
		cmocka_unit_test(round_and_round),
		cmocka_unit_test(two_rings_in_order_of_time),
		cmocka_unit_test(checksums),
		cmocka_unit_test(tagged_frame),
		cmocka_unit_test(the_same_time_in_two_rings),
		cmocka_unit_test(numbers_and_times),
		cmocka_unit_test(types_of_packets),
		cmocka_unit_test(tags_of_short_frames),
		cmocka_unit_test(a_header_that_is_only_just_there),
		cmocka_unit_test(blocks_that_contradict_themselves),
		cmocka_unit_test(a_frame_that_ends_with_its_block),
		cmocka_unit_test(a_frame_that_begins_behind_its_block),
		cmocka_unit_test(no_more_than_the_snaplen),
		cmocka_unit_test(random_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
