/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/time_units.h"
#include "savefile/pcap_format.h"
#include "savefile/reader_internal.h"

static void order_lengths(const struct reader *reader, struct pcap_record *record)
{
	uint32_t first = host32(reader, record->captured), second = host32(reader, record->length);
	bool swapped = reader->lengths == WIRE_FIRST || (reader->lengths == SHORTER_IS_CAPTURED && first > second);

	record->captured = swapped ? second : first;
	record->length = swapped ? first : second;
}

static int next_record(struct source *source, struct frame *frame)
{
	struct reader *reader = (struct reader *)source;
	struct byte_stream *stream = &reader->stream;
	struct pcap_record record;
	uint32_t captured;
	int ret = reader_need(reader, reader->record_header, "a packet header");

	if (ret <= 0)
		return ret;
	memcpy(&record, stream->next, sizeof(record));
	order_lengths(reader, &record);
	captured = record.captured;
	if (captured > reader->captured_max)
		return reader_damage(reader,
				     "a packet of %" PRIu32 " captured bytes, where at most %" PRIu32 " are possible",
				     captured, reader->captured_max);
	ret = reader_need(reader, reader->record_header + captured, "a packet");
	if (ret <= 0)
		return ret;
	*frame = (struct frame){
		.bytes = stream->next + reader->record_header,
		.captured = captured,
		.length = record.length,
		.number = ++reader->number,
		.time_ns = (int64_t)host32(reader, record.seconds) * NSEC_PER_SEC +
			   (int64_t)host32(reader, record.fraction) * reader->fraction_ns,
		.has_time = true,
		.interface = &reader->interfaces[0]->interface,
		.loopback = reader->interfaces[0]->interface.loopback,
	};
	reader_read_link_origin(frame);
	byte_stream_consume(stream, reader->record_header + captured);
	return 1;
}

static const struct pcap_variant {
	uint32_t magic;
	uint32_t fraction_ns;
	size_t record_header;
} variants[] = {
	{PCAP_MAGIC_MICRO, 1000, sizeof(struct pcap_record)},
	{PCAP_MAGIC_NANO, 1, sizeof(struct pcap_record)},
	{PCAP_MAGIC_MODIFIED, 1000, sizeof(struct pcap_record) + sizeof(struct pcap_record_addition)},
};

/* Read the file header, then the first record. */
static int first_record(struct source *source, struct frame *frame)
{
	struct reader *reader = (struct reader *)source;
	struct file_interface described = {0};
	struct pcap_file_header header;
	uint32_t snaplen;
	uint16_t minor;
	int ret = reader_need(reader, sizeof(header), "the file header");

	if (ret <= 0)
		return ret;
	memcpy(&header, reader->stream.next, sizeof(header));
	if (host16(reader, header.major) != PCAP_MAJOR)
		return reader_damage(reader, "it has version %u, but only version %u is supported",
				     host16(reader, header.major), PCAP_MAJOR);
	minor = host16(reader, header.minor);
	reader->lengths = minor < 3 ? WIRE_FIRST : minor == 3 ? SHORTER_IS_CAPTURED : CAPTURED_FIRST;
	snaplen = host32(reader, header.snaplen);
	reader->captured_max = snaplen < PCAP_SNAPLEN ? PCAP_SNAPLEN : snaplen;
	if (reader->captured_max > CAPTURE_BLOCK_MAX)
		reader->captured_max = CAPTURE_BLOCK_MAX;
	described.interface.link_type = host32(reader, header.link_type);
	described.interface.snaplen = snaplen;
	ret = reader_add_interface(reader, &described, NULL, 0);
	if (ret < 0)
		return ret;
	byte_stream_consume(&reader->stream, sizeof(header));
	source->next = next_record;
	return next_record(source, frame);
}

bool pcap_read_begin(struct reader *reader, uint32_t magic)
{
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		const struct pcap_variant *variant = &variants[i];

		if (magic != variant->magic && magic != bswap_32(variant->magic))
			continue;
		reader->swap = magic != variant->magic;
		reader->fraction_ns = variant->fraction_ns;
		reader->record_header = variant->record_header;
		reader->source.next = first_record;
		return true;
	}
	return false;
}
