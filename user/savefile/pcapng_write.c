/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "savefile/pcap_format.h"
#include "savefile/pcapng_block.h"
#include "savefile/writer_internal.h"

enum { RESOLUTION_NANOSECONDS = 9 };

/* if_filter, draft-ietf-opsawg-pcapng section 4.2: a zero byte, then the text of the filter. */
static void add_filter(struct pcapng_block *block, const char *text)
{
	size_t length = 1 + strlen(text);
	uint8_t *value = malloc(length);

	if (!value) {
		block->failed = true;
		return;
	}
	value[0] = 0;
	memcpy(value + 1, text, length - 1);
	pcapng_block_option(block, INTERFACE_FILTER, value, length);
	free(value);
}

static int describe(struct writer *writer, const struct written_interface *interface)
{
	struct pcapng_interface body = {.link_type = interface->link_type, .snaplen = interface->snaplen};
	const uint8_t resolution = RESOLUTION_NANOSECONDS;
	struct pcapng_block block;

	pcapng_block_init(&block, PCAPNG_INTERFACE, &body, sizeof(body));
	pcapng_block_text(&block, INTERFACE_NAME, interface->name);
	pcapng_block_option(&block, INTERFACE_RESOLUTION, &resolution, sizeof(resolution));
	if (writer->filter)
		add_filter(&block, writer->filter);
	return pcapng_block_write(&block, &writer->out);
}

static int start(struct writer *writer)
{
	struct pcapng_section body = {
		.byte_order = PCAPNG_BYTE_ORDER,
		.major = PCAPNG_MAJOR,
		.minor = PCAPNG_MINOR,
		.length = -1,
	};
	struct pcapng_block block;
	struct utsname system;
	char os[sizeof(system.sysname) + sizeof(system.release)];
	int ret;

	if (writer->copy.is_open)
		return pcapng_copy_start(writer);
	if (uname(&system) < 0)
		return -errno;
	snprintf(os, sizeof(os), "%s %s", system.sysname, system.release);
	pcapng_block_init(&block, PCAPNG_SECTION, &body, sizeof(body));
	pcapng_block_text(&block, SECTION_HARDWARE, system.machine);
	pcapng_block_text(&block, SECTION_OS, os);
	pcapng_block_text(&block, SECTION_APPLICATION, writer->application);
	ret = pcapng_block_write(&block, &writer->out);
	for (uint32_t i = 0; ret == 0 && i < writer->interface_count; i++)
		ret = describe(writer, &writer->interfaces[i]);
	return ret;
}

static uint32_t packet_flags(const struct frame *frame)
{
	static const uint32_t directions[] = {
		[DIRECTION_IN] = FLAG_INBOUND,
		[DIRECTION_OUT] = FLAG_OUTBOUND,
	};
	static const uint32_t offloads[] = {
		[OFFLOAD_PENDING] = FLAG_CHECKSUM_NOT_READY,
		[OFFLOAD_VALID] = FLAG_CHECKSUM_VALID,
	};

	return directions[frame->direction] | offloads[frame->offload];
}

/* Append `count` zeros, up to three. Four are written, so that the length is constant; the buffer has room for them. */
static uint8_t *pad(uint8_t *at, uint32_t count)
{
	memset(at, 0, sizeof(uint32_t));
	return at + count;
}

/* The start of an Enhanced Packet Block. Blocks are multiples of four bytes, so it is aligned in the buffer. */
struct enhanced_head {
	struct pcapng_block_header block;
	struct pcapng_enhanced_packet packet;
};

static int write_enhanced(struct writer *writer, uint32_t interface, const struct frame *frame)
{
	const uint64_t time_ns = frame->has_time ? frame->time_ns : 0;
	const uint32_t padding = pcapng_padding(frame->captured), flags = packet_flags(frame);
	const struct pcapng_option flags_header = {.code = PACKET_FLAGS, .length = sizeof(flags)};
	const struct pcapng_option end = {.code = OPTION_END};
	const uint32_t flags_length = flags ? sizeof(flags_header) + sizeof(flags) : 0;
	const uint32_t comments_length = (uint32_t)writer->comments_length;
	const uint32_t end_length = flags || comments_length ? sizeof(end) : 0;
	const uint32_t length = sizeof(struct enhanced_head) + frame->captured + padding + comments_length +
				flags_length + end_length + sizeof(length);
	uint8_t *at = block_writer_room(&writer->out, length);

	if (!at)
		return writer->out.error;
	*(struct enhanced_head *)at = (struct enhanced_head){
		.block = {PCAPNG_ENHANCED_PACKET, length},
		.packet = {interface, time_ns >> 32, (uint32_t)time_ns, frame->captured, frame->length},
	};
	at += sizeof(struct enhanced_head);
	at = pad(mempcpy(at, frame->bytes, frame->captured), padding);
	if (comments_length)
		at = mempcpy(at, writer->comments, comments_length);
	if (flags)
		at = mempcpy(mempcpy(at, &flags_header, sizeof(flags_header)), &flags, sizeof(flags));
	at = mempcpy(at, &end, end_length);
	memcpy(at, &length, sizeof(length));
	block_writer_take_packet(&writer->out, length);
	return 0;
}

/* draft-ietf-opsawg-pcapng section 4.4: a Simple Packet Block holds only a frame of the first interface, cut by nothing
 * but the snaplen, and without options. */
static bool is_simple(const struct writer *writer, uint32_t interface, const struct frame *frame)
{
	uint32_t snaplen = writer->interfaces[0].snaplen;
	uint32_t captured = snaplen && snaplen < frame->length ? snaplen : frame->length;

	return interface == 0 && frame->captured == captured && packet_flags(frame) == 0;
}

static int write_simple(struct writer *writer, const struct frame *frame)
{
	const uint32_t padding = pcapng_padding(frame->captured);
	struct {
		struct pcapng_block_header block;
		struct pcapng_simple_packet packet;
	} head = {{.type = PCAPNG_SIMPLE_PACKET}, {.length = frame->length}};
	uint32_t length = sizeof(head) + frame->captured + padding + sizeof(length);
	uint8_t *at = block_writer_room(&writer->out, length);

	if (!at)
		return writer->out.error;
	head.block.length = length;
	at = mempcpy(at, &head, sizeof(head));
	at = pad(mempcpy(at, frame->bytes, frame->captured), padding);
	memcpy(at, &length, sizeof(length));
	block_writer_take_packet(&writer->out, length);
	return 0;
}

static int write_frame(struct writer *writer, uint32_t interface, const struct frame *frame)
{
	if (!frame->has_time && is_simple(writer, interface, frame))
		return write_simple(writer, frame);
	return write_enhanced(writer, interface, frame);
}

static void add_time(struct pcapng_block *block, uint16_t code, int64_t time_ns)
{
	uint32_t words[] = {(uint64_t)time_ns >> 32, (uint32_t)time_ns};

	pcapng_block_option(block, code, words, sizeof(words));
}

/* Write the Interface Statistics Block: the frames of this interface that were written. The counters are of the whole
 * capture, so only the first interface has them: readers add up all interfaces. */
static int write_statistics(struct writer *writer, uint32_t interface)
{
	uint64_t end = writer->last_ns;
	struct pcapng_statistics body = {interface, end >> 32, (uint32_t)end};
	struct savefile_counters counters = {0};
	struct pcapng_block block;

	pcapng_block_init(&block, PCAPNG_STATISTICS, &body, sizeof(body));
	if (writer->interface_count > 1 && interface == 0 && writer->counters)
		pcapng_block_text(&block, OPTION_COMMENT, "received, dropped and accepted: of all interfaces together");
	if (writer->has_time) {
		add_time(&block, STATISTICS_START, writer->first_ns);
		add_time(&block, STATISTICS_END, writer->last_ns);
	}
	if (interface == 0 && writer->counters) {
		writer->counters(writer->context, &counters);
		pcapng_block_option(&block, STATISTICS_RECEIVED, &counters.received, sizeof(counters.received));
		pcapng_block_option(&block, STATISTICS_DROPPED, &counters.dropped, sizeof(counters.dropped));
		pcapng_block_option(&block, STATISTICS_ACCEPTED, &counters.accepted, sizeof(counters.accepted));
	}
	pcapng_block_option(&block, STATISTICS_DELIVERED, &writer->interfaces[interface].delivered, sizeof(uint64_t));
	return pcapng_block_write(&block, &writer->out);
}

/* A file without packets gets an interface, because libpcap refuses a file that describes none. */
static int finish(struct writer *writer)
{
	const struct written_interface nothing = {.link_type = LINK_ETHERNET};
	int ret;

	if (writer->copy.is_open) /* its own statistics have been copied */
		return 0;
	ret = writer->interface_count ? 0 : describe(writer, &nothing);

	for (uint32_t i = 0; ret == 0 && i < writer->interface_count; i++)
		ret = write_statistics(writer, i);
	return ret;
}

const struct file_format pcapng_file_format = {
	.start = start,
	.describe = describe,
	.frame = write_frame,
	.finish = finish,
	.second_max = INT64_MAX,
	.has_sections = true,
};
