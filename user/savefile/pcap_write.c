/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/time_units.h"
#include "savefile/pcap_format.h"
#include "savefile/writer_internal.h"

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

/* The header contains the link type, so it is written when the first interface is known. */
static int start(struct writer *writer)
{
	const struct written_interface *first = writer->interfaces;

	return writer->interface_count ? pcap_write_file_header(writer, first->link_type, first->snaplen) : 0;
}

static int describe(struct writer *writer, const struct written_interface *interface)
{
	if (writer->interface_count == 0)
		return pcap_write_file_header(writer, interface->link_type, interface->snaplen);
	return interface->link_type == writer->interfaces[0].link_type ? 0 : -EPROTOTYPE;
}

static int write_frame(struct writer *writer, uint32_t interface, const struct frame *frame)
{
	int64_t time_ns = frame->has_time ? frame->time_ns : 0;
	struct pcap_record record = {
		.seconds = time_ns / NSEC_PER_SEC,
		.fraction = pcap_fraction(writer, time_ns),
		.captured = frame->captured,
		.length = frame->length,
	};
	size_t length = sizeof(record) + frame->captured;
	uint8_t *at = block_writer_room(&writer->out, length);

	(void)interface;
	if (!at)
		return writer->out.error;
	at = mempcpy(at, &record, sizeof(record));
	memcpy(at, frame->bytes, frame->captured);
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
