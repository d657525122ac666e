/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_LAYERED_FRAMES_H
#define BPFSNIFF_TESTS_LAYERED_FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Ethernet frames of a UDP datagram to port 53, behind as many headers of a kind as are followed, fewer and more. */

enum {
	LAYERS_FOLLOWED = 12, /* what the README promises; not from include/, which is under test */
	LAYERS_TRIED = 17,
	LENGTHS_FROM = 1490, /* types that are lengths, and those that are none from 1536 on */
	LENGTHS_TO = 1545,
	LAYERED_MAX = 512,
};

enum layered_kind {
	LAYERED_VLANS,
	LAYERED_LABELS,
	LAYERED_VLANS_LLC,    /* one layer more */
	LAYERED_VLANS_PPPOE,  /* likewise */
	LAYERED_PPPOE_LABELS, /* likewise */
	LAYERED_VLANS_LABELS, /* half and half */
	LAYERED_EXTENSIONS,   /* of IPv6 */
	LAYERED_AH,           /* in IPv4 */
	LAYERED_VLANS_AND_AH, /* as many of each */
	LAYERED_KINDS,
};

struct layered_frame {
	uint8_t bytes[LAYERED_MAX];
	uint32_t length;
	bool is_followed; /* port 53 is found */
};

static inline void layered_add(struct layered_frame *frame, const void *bytes, size_t length)
{
	memcpy(frame->bytes + frame->length, bytes, length);
	frame->length += (uint32_t)length;
}

static inline void layered_add16(struct layered_frame *frame, uint16_t number)
{
	layered_add(frame, (const uint8_t[]){(uint8_t)(number >> 8), (uint8_t)number}, 2);
}

/* Each tag is followed by the next type. */
static inline void layered_vlans(struct layered_frame *frame, unsigned int count)
{
	static const uint16_t types[] = {0x8100, 0x88a8, 0x9100};

	for (unsigned int i = 0; i < count; i++) {
		layered_add16(frame, types[i % 3]);
		layered_add16(frame, (uint16_t)(i + 1));
	}
}

static inline void layered_labels(struct layered_frame *frame, unsigned int count)
{
	for (unsigned int i = 1; i <= count; i++)
		layered_add(frame, (const uint8_t[]){0, 1, i == count ? 0x41 : 0x40, 64}, 4);
}

static inline uint32_t layered_ip_length(enum layered_kind kind, unsigned int count)
{
	return kind == LAYERED_EXTENSIONS                           ? 40 + count * 8 + 8
	       : kind == LAYERED_AH || kind == LAYERED_VLANS_AND_AH ? 20 + count * 12 + 8
								    : 28;
}

/* What stands in front of IP, from the type on. */
static inline void layered_link(struct layered_frame *frame, enum layered_kind kind, unsigned int count)
{
	uint16_t ip = (uint16_t)layered_ip_length(kind, count);

	switch (kind) {
	case LAYERED_VLANS_LABELS:
		layered_vlans(frame, count / 2);
		layered_add16(frame, 0x8847);
		layered_labels(frame, count - count / 2);
		break;
	case LAYERED_LABELS:
		layered_add16(frame, count % 2 ? 0x8847 : 0x8848);
		layered_labels(frame, count);
		break;
	case LAYERED_VLANS_LLC:
		layered_vlans(frame, count);
		layered_add16(frame, 8 + ip);
		layered_add(frame, (const uint8_t[]){0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, 8);
		break;
	case LAYERED_VLANS_PPPOE:
		layered_vlans(frame, count);
		layered_add(frame, (const uint8_t[]){0x88, 0x64, 0x11, 0, 0, 1, 0, (uint8_t)(ip + 1), 0x21}, 9);
		break;
	case LAYERED_PPPOE_LABELS:
		ip = (uint16_t)(ip + 2 + count * 4);
		layered_add(frame, (const uint8_t[]){0x88, 0x64, 0x11, 0, 0, 1, 0, (uint8_t)ip}, 8);
		layered_add16(frame, count == 0 ? 0x0021 : count % 2 ? 0x0281 : 0x0283);
		layered_labels(frame, count);
		break;
	default:
		layered_vlans(frame, kind == LAYERED_VLANS || kind == LAYERED_VLANS_AND_AH ? count : 0);
		layered_add16(frame, kind == LAYERED_EXTENSIONS ? 0x86dd : 0x0800);
		break;
	}
}

/* IPv6 with destination options, or IPv4 with AH, or without. */
static inline void layered_network(struct layered_frame *frame, enum layered_kind kind, unsigned int count)
{
	static const uint8_t addresses6[32] = {0x20, 1, [15] = 1, 0x20, 1, [31] = 2};
	bool is_6 = kind == LAYERED_EXTENSIONS;
	uint32_t length = layered_ip_length(kind, count);
	uint8_t extension = is_6 ? 60 : 51, headers = length > 28 && !(is_6 && count == 0) ? (uint8_t)count : 0;

	if (is_6) {
		layered_add(frame, (const uint8_t[]){0x60, 0, 0, 0, 0, (uint8_t)(length - 40), headers ? 60 : 17, 64},
			    8);
		layered_add(frame, addresses6, sizeof(addresses6));
	} else {
		layered_add(frame, (const uint8_t[]){0x45,
						     0,
						     (uint8_t)(length >> 8),
						     (uint8_t)length,
						     0,
						     1,
						     0,
						     0,
						     64,
						     headers ? 51 : 17,
						     0,
						     0,
						     10,
						     0,
						     0,
						     1,
						     10,
						     0,
						     1,
						     2},
			    20);
	}
	for (unsigned int i = 1; i <= headers; i++) {
		const uint8_t header[12] = {i == headers ? 17 : extension, is_6 ? 0 : 1, 1, 4};

		layered_add(frame, header, is_6 ? 8 : 12);
	}
	layered_add(frame, (const uint8_t[]){0x03, 0xe8, 0, 53, 0, 8, 0, 0}, 8);
}

/* Fails to exist, and returns false, for no labels at all behind a type of MPLS. */
static inline bool layered_make(struct layered_frame *frame, enum layered_kind kind, unsigned int count)
{
	bool one_more = kind == LAYERED_VLANS_LLC || kind == LAYERED_VLANS_PPPOE || kind == LAYERED_PPPOE_LABELS;

	if (count == 0 && (kind == LAYERED_LABELS || kind == LAYERED_VLANS_LABELS))
		return false;
	*frame = (struct layered_frame){.is_followed = count + one_more <= LAYERS_FOLLOWED};
	layered_add(frame, (const uint8_t[]){2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}, 12);
	layered_link(frame, kind, count);
	layered_network(frame, kind, count);
	return true;
}

/* A type or length of the frame itself, or behind a tag, and SNAP; the length is that of a longer frame. */
static inline void layered_make_length(struct layered_frame *frame, uint16_t length, bool tagged)
{
	*frame = (struct layered_frame){.is_followed = length < 1536};
	layered_add(frame, (const uint8_t[]){2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}, 12);
	layered_vlans(frame, tagged);
	layered_add16(frame, length);
	layered_add(frame, (const uint8_t[]){0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, 8);
	layered_network(frame, LAYERED_VLANS, 0);
}

#endif
