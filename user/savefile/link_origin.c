/* SPDX-License-Identifier: BSD-2-Clause */
#include <net/if_arp.h>
#include <string.h>

#include "savefile/reader_internal.h"

/* Big-endian, as it lies in the frame. */
static uint16_t load16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Flags of the file's own format say it better. */
static void set_direction(struct frame *frame, enum direction direction)
{
	if (frame->direction == DIRECTION_UNKNOWN)
		frame->direction = direction;
}

enum { SLL_OUTGOING = 4 }; /* the packet types below it came in (tcpdump.org/linktypes, LINKTYPE_LINUX_SLL) */

/* What a Linux cooked header says (tcpdump.org/linktypes, LINKTYPE_LINUX_SLL). */
static void take_cooked(struct frame *frame, uint16_t packet_type, uint16_t hardware_type)
{
	if (packet_type <= SLL_OUTGOING)
		set_direction(frame, packet_type == SLL_OUTGOING ? DIRECTION_OUT : DIRECTION_IN);
	frame->loopback |= hardware_type == ARPHRD_LOOPBACK;
}

/* Name and flags of the interface (tcpdump.org/linktypes, LINKTYPE_PKTAP). */
static void take_pktap(struct frame *frame)
{
	enum { NAME = 12, NAME_SIZE = 24, FLAGS = 36, FLAG_IN = 1, FLAG_OUT = 2 };
	char name[NAME_SIZE + 1] = "";
	uint8_t flags;

	if (frame->captured <= FLAGS)
		return;
	memcpy(name, frame->bytes + NAME, NAME_SIZE);
	frame->loopback |= reader_names_loopback(name);
	flags = frame->bytes[FLAGS] & (FLAG_IN | FLAG_OUT);
	if (flags == FLAG_IN || flags == FLAG_OUT)
		set_direction(frame, flags == FLAG_OUT ? DIRECTION_OUT : DIRECTION_IN);
}

void reader_read_link_origin(struct frame *frame)
{
	const uint8_t *bytes = frame->bytes;

	switch (frame->interface->link_type) {
	case LINK_LINUX_SLL:
		if (frame->captured >= 4)
			take_cooked(frame, load16(bytes), load16(bytes + 2));
		break;
	case LINK_LINUX_SLL2:
		if (frame->captured >= 11)
			take_cooked(frame, bytes[10], load16(bytes + 8));
		break;
	case LINK_PPP_PPPD:
	case LINK_PPP_WITH_DIR:
	case LINK_CHDLC_WITH_DIR:
	case LINK_FRELAY_WITH_DIR:
		if (frame->captured >= 1)
			set_direction(frame, bytes[0] ? DIRECTION_OUT : DIRECTION_IN);
		break;
	case LINK_PKTAP:
		take_pktap(frame);
		break;
	default:
		break;
	}
}
