/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>

#include "base/time_units.h"
#include "savefile/pcap_format.h"
#include "savefile/writer_internal.h"

enum { SLL_HEADER = 16, SLL_PROTOCOL = 14 }; /* LINKTYPE_LINUX_SLL: its length, and where the protocol is */

/* A frame with another header than the one that it came with. */
struct ethernet_record {
	struct pcap_record record;
	struct ethhdr header;
} __attribute__((packed));

_Static_assert(sizeof(struct ethernet_record) == sizeof(struct pcap_record) + ETH_HLEN, "as on disk");

/* At least PCAP_SNAPLEN: libpcap cuts frames to this snaplen, and later interfaces may have a longer one. */
int pcap_write_file_header(struct writer *writer, uint16_t link_type, uint32_t snaplen)
{
	struct pcap_file_header header = {
		.magic = writer->micro ? PCAP_MAGIC_MICRO : PCAP_MAGIC_NANO,
		.major = PCAP_MAJOR,
		.minor = PCAP_MINOR,
		.snaplen = snaplen > PCAP_SNAPLEN ? snaplen : PCAP_SNAPLEN,
		.link_type = link_type,
	};
	uint8_t *at = block_writer_room(&writer->out, sizeof(header));

	if (!at)
		return writer->out.error;
	memcpy(at, &header, sizeof(header));
	block_writer_take(&writer->out, sizeof(header));
	return block_writer_flush(&writer->out);
}

uint32_t pcap_fraction(const struct writer *writer, int64_t time_ns)
{
	uint32_t fraction = (uint32_t)(time_ns % NSEC_PER_SEC);

	return writer->micro ? fraction / NSEC_PER_USEC : fraction;
}

/* That of a file which begins with this interface: bare packets get an Ethernet header, so that those with one fit too.
 */
static uint16_t link_type_of_file(const struct written_interface *first)
{
	return first->lacks_ethernet ? LINK_ETHERNET : first->link_type;
}

/* The header contains the link type, so it is written when the first interface is known. */
static int start_with(struct writer *writer, const struct written_interface *first)
{
	return pcap_write_file_header(writer, link_type_of_file(first), first->snaplen);
}

static int start(struct writer *writer)
{
	return writer->interface_count ? start_with(writer, writer->interfaces) : 0;
}

/* In a file of Ethernet frames, a bare packet of such a device gets a header. */
static bool gets_ethernet(const struct writer *writer, const struct written_interface *interface)
{
	return interface->lacks_ethernet && link_type_of_file(writer->interfaces) == LINK_ETHERNET;
}

/* Put an Ethernet header, with addresses of zeros as on the loopback device, in place of a cooked one. */
static void put_ethernet(struct ethernet_record *to, const struct frame *frame)
{
	uint32_t cooked = frame->captured < SLL_HEADER ? frame->captured : SLL_HEADER;

	to->record.captured += sizeof(to->header) - cooked;
	to->record.length += sizeof(to->header) - cooked;
	if (cooked == SLL_HEADER)
		memcpy(&to->header.h_proto, frame->bytes + SLL_PROTOCOL, sizeof(to->header.h_proto));
}

static int describe(struct writer *writer, const struct written_interface *interface)
{
	if (writer->interface_count == 0)
		return start_with(writer, interface);
	if (interface->link_type == link_type_of_file(writer->interfaces) || gets_ethernet(writer, interface))
		return 0;
	return -EPROTOTYPE;
}

static int write_frame(struct writer *writer, uint32_t interface, const struct frame *frame)
{
	int64_t time_ns = frame->has_time ? frame->time_ns : 0;
	struct ethernet_record head = {
		.record =
			{
				.seconds = time_ns / NSEC_PER_SEC,
				.fraction = pcap_fraction(writer, time_ns),
				.captured = frame->captured,
				.length = frame->length,
			},
	};
	bool replaces = gets_ethernet(writer, &writer->interfaces[interface]);
	size_t size = replaces ? sizeof(head) : sizeof(head.record), length, skipped = 0;
	uint8_t *at;

	if (replaces) {
		skipped = frame->captured < SLL_HEADER ? frame->captured : SLL_HEADER;
		put_ethernet(&head, frame);
	}
	length = size + frame->captured - skipped;
	at = block_writer_room(&writer->out, length);
	if (!at)
		return writer->out.error;
	at = mempcpy(at, &head, size);
	memcpy(at, frame->bytes + skipped, frame->captured - skipped);
	block_writer_take_packet(&writer->out, length);
	return 0;
}

/* Readers expect a header even in a file without packets. */
static int finish(struct writer *writer)
{
	return writer->interface_count ? 0 : pcap_write_file_header(writer, LINK_ETHERNET, 0);
}

const struct file_format pcap_file_format = {
	.start = start,
	.describe = describe,
	.frame = write_frame,
	.finish = finish,
	.second_max = UINT32_MAX,
};
