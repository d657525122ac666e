/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <string.h>

#include "base/time_units.h"
#include "protocols.h"
#include "savefile/pcap_format.h"
#include "savefile/writer_internal.h"

/*
 * A pcap file of frames from devices of all kinds: the link-level header of each is replaced by a cooked one
 * (tcpdump.org/linktypes, LINKTYPE_LINUX_SLL2), as tcpdump does for the interface `any`.
 */

enum { SLL_HEADER = 16 };

/* In network byte order. */
struct cooked_header {
	uint16_t protocol;
	uint16_t reserved;
	uint32_t index;
	uint16_t hardware_type;
	uint8_t packet_type;
	uint8_t address_length;
	uint8_t address[8];
};

/* An SLL2 header stands behind that of the record. */
struct cooked_record {
	struct pcap_record record;
	struct cooked_header header;
};

_Static_assert(sizeof(struct cooked_record) == 36, "as on disk");

/* What the type field of an Ethernet frame says as the kernel does (eth_type_trans() in net/ethernet/eth.c). */
static uint16_t ethernet_protocol(const struct frame *frame)
{
	const uint8_t *bytes = frame->bytes;
	uint16_t type = (uint16_t)(bytes[ETHERNET_TYPE] << 8 | bytes[ETHERNET_TYPE + 1]);

	if (!is_length(type))
		return type;
	return frame->captured >= ETHERNET_HEADER + 2 && bytes[14] == 0xff && bytes[15] == 0xff ? ETH_P_802_3
												: ETH_P_802_2;
}

/* Returns the length of the link-level header. */
static uint32_t cook_ethernet(const struct frame *frame, struct cooked_header *header)
{
	if (frame->captured < ETHERNET_HEADER)
		return frame->captured;
	header->protocol = htons(ethernet_protocol(frame));
	header->address_length = ETH_ALEN;
	memcpy(header->address, frame->bytes + ETH_ALEN, ETH_ALEN);
	return ETHERNET_HEADER;
}

/* The older cooked header has all but the index. */
static uint32_t cook_cooked(const struct frame *frame, struct cooked_header *header)
{
	const uint8_t *bytes = frame->bytes;

	if (frame->captured < SLL_HEADER)
		return frame->captured;
	memcpy(&header->hardware_type, bytes + 2, sizeof(header->hardware_type));
	header->address_length = bytes[5];
	memcpy(header->address, bytes + 6, sizeof(header->address));
	memcpy(&header->protocol, bytes + 14, sizeof(header->protocol));
	return SLL_HEADER;
}

static uint32_t cook_raw(const struct frame *frame, struct cooked_header *header)
{
	if (frame->captured)
		header->protocol = htons(frame->bytes[0] >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
	return 0;
}

static uint32_t cook(const struct frame *frame, struct cooked_header *header)
{
	switch (frame->interface->link_type) {
	case LINK_ETHERNET:
		return cook_ethernet(frame, header);
	case LINK_LINUX_SLL:
		return cook_cooked(frame, header);
	case LINK_RAW:
		return cook_raw(frame, header);
	default: /* readers go by the hardware type */
		header->protocol = htons(ETH_P_802_2);
		return 0;
	}
}

static int start(struct writer *writer)
{
	return pcap_write_file_header(writer, LINK_LINUX_SLL2, 0);
}

static int describe(struct writer *writer, const struct written_interface *interface)
{
	(void)writer;
	(void)interface;
	return 0;
}

static int write_frame(struct writer *writer, uint32_t interface, const struct frame *frame)
{
	struct cooked_record record = {
		.record = {.seconds = frame->time_ns / NSEC_PER_SEC, .fraction = pcap_fraction(writer, frame->time_ns)},
		.header =
			{
				.index = htonl(frame->interface->index),
				.hardware_type = htons(frame->interface->hardware_type),
				.packet_type = frame->packet_type,
			},
	};
	const uint32_t link = cook(frame, &record.header), captured = frame->captured - link;
	const size_t length = sizeof(record) + captured;
	uint8_t *at = block_writer_room(&writer->out, length);

	(void)interface;
	if (!at)
		return writer->out.error;
	record.record.captured = sizeof(record.header) + captured;
	record.record.length = sizeof(record.header) + (frame->length > link ? frame->length - link : 0);
	at = mempcpy(at, &record, sizeof(record));
	memcpy(at, frame->bytes + link, captured);
	block_writer_take_packet(&writer->out, length);
	return 0;
}

static int finish(struct writer *writer)
{
	(void)writer;
	return 0;
}

const struct file_format pcap_cooked_file_format = {
	.start = start,
	.describe = describe,
	.frame = write_frame,
	.finish = finish,
	.second_max = UINT32_MAX,
};
