/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "savefile/pcap_format.h"
#include "savefile/reader_internal.h"

enum { BLOCK_MIN = sizeof(struct pcapng_block_header) + sizeof(uint32_t) };

/* What lies between the two lengths of a block. */
struct block_body {
	const uint8_t *bytes;
	size_t length;
};

/* The fields that the three kinds of packet blocks share, in our byte order. */
struct packet_fields {
	uint32_t interface;
	uint32_t time_high, time_low;
	uint32_t captured, length;
};

static void read_flags(uint32_t flags, struct frame *frame)
{
	static const enum direction directions[FLAG_DIRECTION + 1] = {
		[FLAG_INBOUND] = DIRECTION_IN,
		[FLAG_OUTBOUND] = DIRECTION_OUT,
	};

	frame->direction = directions[flags & FLAG_DIRECTION];
	if (flags & FLAG_CHECKSUM_NOT_READY)
		frame->offload = OFFLOAD_PENDING;
	else if (flags & FLAG_CHECKSUM_VALID)
		frame->offload = OFFLOAD_VALID;
}

/* Read the options of a packet. 1 or -errno. */
static int read_packet_options(struct reader *reader, struct pcapng_options *options, struct frame *frame)
{
	struct pcapng_option_value option;
	uint32_t flags;
	int ret;

	while ((ret = pcapng_next_option(reader, options, &option)) == 1) {
		if (option.code != PACKET_FLAGS)
			continue;
		if (option.length != sizeof(flags))
			return reader_damage(reader, "packet flags of %u bytes, not 4", option.length);
		memcpy(&flags, option.bytes, sizeof(flags));
		read_flags(host32(reader, flags), frame);
	}
	return ret < 0 ? ret : 1;
}

/* The interface with this number in the section; NULL, and damage recorded, when there is none. */
static struct file_interface *find_interface(struct reader *reader, uint32_t number)
{
	size_t count = reader->interface_count - reader->section_first;

	if (number < count)
		return reader->interfaces[reader->section_first + number];
	reader_damage(reader, "a packet of interface %" PRIu32 ", but the number of interfaces is %zu", number, count);
	return NULL;
}

/* Read a packet; its bytes and then its options are in `rest`. 1 or -errno. */
static int read_packet(struct reader *reader, const struct packet_fields *fields, struct block_body rest,
		       struct frame *frame)
{
	struct file_interface *interface = find_interface(reader, fields->interface);
	struct pcapng_options options;

	if (!interface)
		return -EBADMSG;
	if (fields->captured > rest.length)
		return reader_damage(reader, "a packet of %" PRIu32 " bytes in a block with room for %zu",
				     fields->captured, rest.length);
	*frame = (struct frame){
		.bytes = rest.bytes,
		.captured = fields->captured,
		.length = fields->length,
		.number = ++reader->number,
		.interface = &interface->interface,
		.loopback = interface->interface.loopback,
		.block = &reader->block,
	};
	interface->packets++;
	reader->block.captured = fields->captured;
	options.next = rest.bytes + fields->captured + pcapng_padding(fields->captured);
	options.end = rest.bytes + rest.length;
	if (options.next < options.end && read_packet_options(reader, &options, frame) < 0)
		return reader->status;
	reader_read_link_origin(frame);
	return 1;
}

/* Set the time of a frame; one that time_ns cannot say is noted. */
static void set_time(struct reader *reader, const struct packet_fields *fields, struct frame *frame)
{
	const struct time_unit *unit = &((const struct file_interface *)frame->interface)->unit;
	uint64_t units = (uint64_t)fields->time_high << 32 | fields->time_low;
	unsigned __int128 scaled = (unsigned __int128)units * unit->multiplier >> unit->shift;
	__int128 ns;

	if (unit->divisor > 1)
		scaled = (uint64_t)scaled / unit->divisor;
	ns = (__int128)scaled + unit->offset_ns;
	frame->has_time = ns >= INT64_MIN && ns <= INT64_MAX;
	frame->time_is_beyond = !frame->has_time;
	frame->time_ns = frame->has_time ? (int64_t)ns : 0;
	if (frame->time_is_beyond && reader->beyond_count++ == 0)
		reader->beyond_first = frame->number;
}

/* A packet whose block has a time. 1 or -errno. */
static int read_timed_packet(struct reader *reader, const struct packet_fields *fields, struct block_body rest,
			     struct frame *frame)
{
	int ret = read_packet(reader, fields, rest, frame);

	if (ret == 1)
		set_time(reader, fields, frame);
	return ret;
}

static int read_enhanced_packet(struct reader *reader, struct block_body body, struct frame *frame)
{
	struct pcapng_enhanced_packet header;
	struct packet_fields fields;

	memcpy(&header, body.bytes, sizeof(header));
	fields = (struct packet_fields){
		.interface = host32(reader, header.interface),
		.time_high = host32(reader, header.time_high),
		.time_low = host32(reader, header.time_low),
		.captured = host32(reader, header.captured),
		.length = host32(reader, header.length),
	};
	body.bytes += sizeof(header);
	body.length -= sizeof(header);
	return read_timed_packet(reader, &fields, body, frame);
}

static int read_obsolete_packet(struct reader *reader, struct block_body body, struct frame *frame)
{
	struct pcapng_obsolete_packet header;
	struct packet_fields fields;

	memcpy(&header, body.bytes, sizeof(header));
	fields = (struct packet_fields){
		.interface = host16(reader, header.interface),
		.time_high = host32(reader, header.time_high),
		.time_low = host32(reader, header.time_low),
		.captured = host32(reader, header.captured),
		.length = host32(reader, header.length),
	};
	body.bytes += sizeof(header);
	body.length -= sizeof(header);
	return read_timed_packet(reader, &fields, body, frame);
}

/* draft-ietf-opsawg-pcapng section 4.4: the packet is of the first interface, has no time and no captured length; only
 * the snaplen of the interface cuts it. */
static int read_simple_packet(struct reader *reader, struct block_body body, struct frame *frame)
{
	const struct file_interface *interface = find_interface(reader, 0);
	struct pcapng_simple_packet header;
	struct packet_fields fields = {0};
	uint32_t snaplen;
	size_t padded;

	if (!interface)
		return -EBADMSG;
	memcpy(&header, body.bytes, sizeof(header));
	snaplen = interface->interface.snaplen;
	fields.length = host32(reader, header.length);
	fields.captured = snaplen && snaplen < fields.length ? snaplen : fields.length;
	padded = (size_t)fields.captured + pcapng_padding(fields.captured);
	body.bytes += sizeof(header);
	body.length -= sizeof(header);
	if (body.length > padded)
		body.length = padded; /* a Simple Packet Block has no options */
	return read_packet(reader, &fields, body, frame);
}

static int read_interface(struct reader *reader, struct block_body body, struct frame *frame)
{
	(void)frame;
	return pcapng_read_interface(reader, body.bytes, body.length);
}

/* The numbers of interfaces start again at 0. Earlier interfaces are kept, because users of frames refer to them. */
static int read_section(struct reader *reader, struct block_body body, struct frame *frame)
{
	struct pcapng_section header;

	(void)frame;
	memcpy(&header, body.bytes, sizeof(header));
	if (host16(reader, header.major) != PCAPNG_MAJOR)
		return reader_damage(reader, "a section has version %u, but only version %u is supported",
				     host16(reader, header.major), PCAPNG_MAJOR);
	reader->section_first = reader->interface_count;
	return 0;
}

/* Only what a copy has to know; one that is too short is no reason to stop. */
static int read_statistics(struct reader *reader, struct block_body body, struct frame *frame)
{
	struct pcapng_statistics header;
	uint32_t number;

	(void)frame;
	if (body.length < sizeof(header))
		return 0;
	memcpy(&header, body.bytes, sizeof(header));
	number = host32(reader, header.interface);
	if (number < reader->interface_count - reader->section_first)
		reader->block.packets = reader->interfaces[reader->section_first + number]->packets;
	return 0;
}

static const struct block_reader {
	uint32_t type;
	uint32_t body_min;
	/* 1 with *frame filled in, 0 without a frame, or -errno. */
	int (*read)(struct reader *reader, struct block_body body, struct frame *frame);
} block_readers[] = {
	{PCAPNG_ENHANCED_PACKET, sizeof(struct pcapng_enhanced_packet), read_enhanced_packet},
	{PCAPNG_OBSOLETE_PACKET, sizeof(struct pcapng_obsolete_packet), read_obsolete_packet},
	{PCAPNG_SIMPLE_PACKET, sizeof(struct pcapng_simple_packet), read_simple_packet},
	{PCAPNG_INTERFACE, sizeof(struct pcapng_interface), read_interface},
	{PCAPNG_STATISTICS, 0, read_statistics},
	{PCAPNG_SECTION, sizeof(struct pcapng_section), read_section},
};

/* The byte order of a section is known only from the field after the block length. 1, 0 not yet, or -errno. */
static int set_byte_order(struct reader *reader)
{
	struct pcapng_section header;
	size_t order_end = sizeof(struct pcapng_block_header) + sizeof(header.byte_order);
	int ret = reader_need(reader, order_end, "a section header");

	if (ret <= 0)
		return ret;
	memcpy(&header.byte_order, reader->stream.next + sizeof(struct pcapng_block_header), sizeof(header.byte_order));
	reader->swap = header.byte_order == bswap_32(PCAPNG_BYTE_ORDER);
	if (!reader->swap && header.byte_order != PCAPNG_BYTE_ORDER)
		return reader_damage(reader, "a section header with the byte order magic 0x%08" PRIx32,
				     header.byte_order);
	return 1;
}

/* Make a whole block available at stream.next, and its header in *block. 1, 0 not yet, or -errno. */
static int need_block(struct reader *reader, struct pcapng_block_header *block)
{
	const struct byte_stream *stream = &reader->stream;
	uint32_t trailer;
	int ret = reader_need(reader, sizeof(*block), "a block header");

	if (ret <= 0)
		return ret;
	memcpy(block, stream->next, sizeof(*block));
	if (block->type == PCAPNG_SECTION) {
		ret = set_byte_order(reader);
		if (ret <= 0)
			return ret;
	}
	block->type = host32(reader, block->type);
	block->length = host32(reader, block->length);
	if (block->length < BLOCK_MIN || block->length % 4 || block->length > CAPTURE_BLOCK_MAX)
		return reader_damage(reader, "a block has the impossible length of %" PRIu32 " bytes", block->length);
	ret = reader_need(reader, block->length, "a block");
	if (ret <= 0)
		return ret;
	memcpy(&trailer, stream->next + block->length - sizeof(trailer), sizeof(trailer));
	if (host32(reader, trailer) != block->length)
		return reader_damage(reader,
				     "a block has the length %" PRIu32 " at its start but %" PRIu32 " at its end",
				     block->length, host32(reader, trailer));
	return 1;
}

/* Read a block that is available in full. 1 with *frame filled in, 0 without a frame, or -errno. */
static int read_block(struct reader *reader, const struct pcapng_block_header *block, struct frame *frame)
{
	struct block_body body = {reader->stream.next + sizeof(*block), block->length - BLOCK_MIN};

	reader->block = (struct file_block){
		.bytes = reader->stream.next,
		.length = block->length,
		.type = block->type,
		.swapped = reader->swap,
	};

	for (size_t i = 0; i < sizeof(block_readers) / sizeof(block_readers[0]); i++) {
		const struct block_reader *known = &block_readers[i];

		if (block->type != known->type)
			continue;
		if (body.length < known->body_min)
			return reader_damage(reader, "a block of type %" PRIu32 " of only %" PRIu32 " bytes",
					     block->type, block->length);
		return known->read(reader, body, frame);
	}
	return 0;
}

static int pcapng_next(struct source *source, struct frame *frame)
{
	struct reader *reader = (struct reader *)source;
	struct pcapng_block_header block;
	int ret;

	do {
		ret = need_block(reader, &block);
		if (ret <= 0)
			return ret;
		ret = read_block(reader, &block, frame);
		if (ret < 0)
			return ret;
		if (ret == 0 && reader->on_block)
			reader->on_block(reader->block_context, &reader->block);
		byte_stream_consume(&reader->stream, block.length);
	} while (ret == 0);
	return ret;
}

bool pcapng_read_begin(struct reader *reader, uint32_t magic)
{
	if (magic != PCAPNG_SECTION)
		return false;
	reader->source.next = pcapng_next;
	return true;
}
