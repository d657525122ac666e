/* SPDX-License-Identifier: BSD-2-Clause */
/* The blocks of a ring: in which order they are read, when they go back to the kernel, and what may stand in them. What
 * only the kernel can do is tested in tests/netns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "capture/cooked_header.h"
#include "kernel_ring.h"

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
		cmocka_unit_test(the_same_time_in_two_rings),
		cmocka_unit_test(blocks_that_contradict_themselves),
		cmocka_unit_test(a_frame_that_ends_with_its_block),
		cmocka_unit_test(a_frame_that_begins_behind_its_block),
		cmocka_unit_test(random_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
