/* SPDX-License-Identifier: BSD-2-Clause */
/* What a frame from a ring carries: its time, number, direction, checksum state, VLAN tag and link type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "capture/cooked_header.h"
#include "kernel_ring.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksums),
		cmocka_unit_test(tagged_frame),
		cmocka_unit_test(numbers_and_times),
		cmocka_unit_test(types_of_packets),
		cmocka_unit_test(tags_of_short_frames),
		cmocka_unit_test(a_header_that_is_only_just_there),
		cmocka_unit_test(no_more_than_the_snaplen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
