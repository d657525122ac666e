/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/pcapng_copy.h"

#include <byteswap.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "packet/frame.h"
#include "savefile/pcap_format.h"
#include "savefile/writer_internal.h"

enum {
	HEAD = sizeof(struct pcapng_block_header),
	TRAILER = sizeof(uint32_t),
	INTERFACE_AT = HEAD,                                                    /* in packets and statistics */
	CAPTURED_AT = HEAD + offsetof(struct pcapng_enhanced_packet, captured), /* the same in obsolete packets */
	SECTION_LENGTH_AT = HEAD + offsetof(struct pcapng_section, length),
};

_Static_assert(offsetof(struct pcapng_enhanced_packet, captured) == offsetof(struct pcapng_obsolete_packet, captured),
	       "the parts of both kinds of packets that matter here lie alike");

static uint16_t get16(const struct file_block *block, size_t at)
{
	uint16_t value;

	memcpy(&value, block->bytes + at, sizeof(value));
	return block->swapped ? bswap_16(value) : value;
}

static uint32_t get32(const struct file_block *block, size_t at)
{
	uint32_t value;

	memcpy(&value, block->bytes + at, sizeof(value));
	return block->swapped ? bswap_32(value) : value;
}

/* A number in the byte order of the section. */
static uint32_t order32(const struct file_block *block, uint32_t value)
{
	return block->swapped ? bswap_32(value) : value;
}

static uint64_t order64(const struct file_block *block, uint64_t value)
{
	return block->swapped ? bswap_64(value) : value;
}

static size_t padded(size_t length)
{
	return length + pcapng_padding((uint32_t)length);
}

/* Behind the records of a Name Resolution Block, section 4.5, of which the last has the type 0. */
static size_t records_end(const struct file_block *block)
{
	size_t at = HEAD, end = block->length - TRAILER;

	while (end - at >= sizeof(struct pcapng_option)) {
		size_t size = sizeof(struct pcapng_option) + padded(get16(block, at + sizeof(uint16_t)));
		bool last = get16(block, at) == 0;

		if (size > end - at)
			return end;
		at += size;
		if (last)
			break;
	}
	return at;
}

/* Where the options of a block begin; its end where it has none, or is of a kind that is not known. */
static size_t options_at(const struct file_block *block)
{
	size_t end = block->length - TRAILER, at;

	switch (block->type) {
	case PCAPNG_SECTION:
		at = HEAD + sizeof(struct pcapng_section);
		break;
	case PCAPNG_INTERFACE:
		at = HEAD + sizeof(struct pcapng_interface);
		break;
	case PCAPNG_STATISTICS:
		at = HEAD + sizeof(struct pcapng_statistics);
		break;
	case PCAPNG_ENHANCED_PACKET:
	case PCAPNG_OBSOLETE_PACKET:
		at = HEAD + sizeof(struct pcapng_enhanced_packet) + padded(get32(block, CAPTURED_AT));
		break;
	case PCAPNG_NAME_RESOLUTION:
		at = records_end(block);
		break;
	case PCAPNG_DECRYPTION_SECRETS:
		at = end - HEAD < sizeof(struct pcapng_secrets)
			     ? end
			     : HEAD + sizeof(struct pcapng_secrets) +
				       padded(get32(block, HEAD + offsetof(struct pcapng_secrets, length)));
		break;
	default:
		return end;
	}
	return at < end ? at : end;
}

/* An option of a block: *at is where it begins, and then where the next one does. False at the end of the list, and
 * where an option exceeds the block. */
static bool next_option(const struct file_block *block, size_t *at, uint16_t *code, size_t *size)
{
	size_t left = block->length - TRAILER - *at;

	if (left < sizeof(struct pcapng_option))
		return false;
	*code = get16(block, *at);
	*size = sizeof(struct pcapng_option) + padded(get16(block, *at + sizeof(uint16_t)));
	if (*code == OPTION_END || *size > left)
		return false;
	*at += *size;
	return true;
}

static bool has_option(const struct file_block *block, size_t at, uint16_t wanted)
{
	uint16_t code;
	size_t size;

	while (next_option(block, &at, &code, &size))
		if (code == wanted)
			return true;
	return false;
}

/* Whether an option stays out of the copy. */
static bool stays(uint16_t code, bool cut)
{
	return code == OPTION_CUSTOM_TEXT_NO_COPY || code == OPTION_CUSTOM_BYTES_NO_COPY ||
	       (cut && code == PACKET_HASH);
}

static bool must_edit(const struct file_block *block, size_t at)
{
	uint16_t code;
	size_t size;

	while (next_option(block, &at, &code, &size))
		if (stays(code, false))
			return true;
	return false;
}

/* Write bytes that are whole blocks. */
static int write_bytes(struct block_writer *out, const uint8_t *bytes, size_t length, bool is_packet)
{
	uint8_t *room = block_writer_room(out, length);

	if (!room)
		return out->error;
	memcpy(room, bytes, length);
	if (is_packet)
		block_writer_take_packet(out, length);
	else
		block_writer_take(out, length);
	return 0;
}

/* An option with a number in place of the one in the block, if it is a count that the copy makes untrue. */
static bool replaces_count(const struct writer *writer, const struct file_block *block, uint16_t code, uint64_t *count)
{
	const struct section_copy *copy = &writer->copy;
	uint32_t interface = get32(block, INTERFACE_AT);

	if (block->type != PCAPNG_STATISTICS || interface >= copy->interface_count)
		return false;
	*count = order64(block, copy->written[interface]);
	return (code == STATISTICS_ACCEPTED || code == STATISTICS_DELIVERED) &&
	       copy->written[interface] != block->packets;
}

/* Between two filters, of which the second judges what the first has accepted. */
static const char joint[] = "; then ";

/* Whether the last filter of a text is this one. */
static bool ends_in_filter(const char *filter, const char *text, size_t length)
{
	size_t filter_length = strlen(filter), before = length - filter_length;

	if (length < filter_length || memcmp(text + before, filter, filter_length) != 0)
		return false;
	return !before || (before > strlen(joint) && !memcmp(text + before - strlen(joint), joint, strlen(joint)));
}

/* Append if_filter (section 4.2), in the byte order of the section: a zero byte, then the filter that has chosen the
 * packets of the capture, if it had one, and the one that has chosen the copied packets among them. False if that is
 * too long. */
static bool append_filter(struct writer *writer, const struct file_block *block, const char *old, size_t old_length)
{
	struct pcapng_block *edited = &writer->copy.block;
	size_t joint_length = old_length ? strlen(joint) : 0, new_length = strlen(writer->filter);
	size_t length = 1 + old_length + joint_length + new_length;
	uint16_t head[2];

	if (length > UINT16_MAX)
		return false;
	head[0] = block->swapped ? bswap_16(INTERFACE_FILTER) : INTERFACE_FILTER;
	head[1] = block->swapped ? bswap_16((uint16_t)length) : (uint16_t)length;
	pcapng_block_append(edited, head, sizeof(head));
	pcapng_block_append(edited, "", 1);
	pcapng_block_append(edited, old, old_length);
	pcapng_block_append(edited, joint, joint_length);
	pcapng_block_append(edited, writer->filter, new_length);
	pcapng_block_append(edited, "\0\0\0", pcapng_padding((uint32_t)length));
	return true;
}

/* Append if_filter with both filters in place of an option that has one as text. False if it is not that. */
static bool replace_filter(struct writer *writer, const struct file_block *block, const uint8_t *option, uint16_t code)
{
	const char *text = (const char *)option + sizeof(struct pcapng_option);
	size_t length = get16(block, (size_t)(option - block->bytes) + sizeof(uint16_t));

	if (block->type != PCAPNG_INTERFACE || code != INTERFACE_FILTER || !writer->filter || length < 2 || *text)
		return false;
	return !ends_in_filter(writer->filter, text + 1, length - 1) &&
	       append_filter(writer, block, text + 1, length - 1);
}

/* Append the options that begin at `at`, but for those that stay out. */
static void copy_options(struct writer *writer, const struct file_block *block, size_t at, bool cut)
{
	struct pcapng_block *edited = &writer->copy.block;
	uint64_t count;
	uint16_t code;
	size_t size;

	while (next_option(block, &at, &code, &size)) {
		const uint8_t *option = block->bytes + at - size;

		if (stays(code, cut))
			continue;
		if (size == sizeof(struct pcapng_option) + sizeof(count) &&
		    replaces_count(writer, block, code, &count)) {
			pcapng_block_append(edited, option, sizeof(struct pcapng_option));
			pcapng_block_append(edited, &count, sizeof(count));
		} else if (!replace_filter(writer, block, option, code)) {
			pcapng_block_append(edited, option, size);
		}
	}
}

/* Only where the capture had no filter. */
static void add_filter(struct writer *writer, const struct file_block *block, size_t at)
{
	if (block->type == PCAPNG_INTERFACE && writer->filter && !has_option(block, at, INTERFACE_FILTER))
		append_filter(writer, block, "", 0);
}

/* End the options, if there are any, and set the two lengths. 0 or -ENOMEM. */
static int end_block(struct section_copy *copy, const struct file_block *block, bool has_options)
{
	struct pcapng_block *edited = &copy->block;
	uint32_t length;

	if (has_options)
		pcapng_block_append(edited, "\0\0\0\0", sizeof(struct pcapng_option));
	length = order32(block, (uint32_t)edited->length + TRAILER);
	pcapng_block_append(edited, &length, sizeof(length));
	if (edited->failed)
		return -ENOMEM;
	memcpy(edited->bytes + offsetof(struct pcapng_block_header, length), &length, sizeof(length));
	return 0;
}

/* Put a block together anew: what stands before its options, then those that are copied. */
static int edit(struct writer *writer, const struct file_block *block, size_t at)
{
	struct section_copy *copy = &writer->copy;
	size_t before;

	copy->block.length = 0;
	pcapng_block_append(&copy->block, block->bytes, at);
	before = copy->block.length;
	copy_options(writer, block, at, false);
	add_filter(writer, block, at);
	return end_block(copy, block, copy->block.length > before);
}

/* Keep what the other files of a rotation need too. 0 or -ENOMEM. */
static int remember(struct writer *writer, const struct file_block *block, const uint8_t *bytes, size_t length)
{
	struct pcapng_block *descriptions = &writer->copy.descriptions;

	if (!writer->rotation.limits.bytes && !writer->rotation.limits.seconds)
		return 0;
	switch (block->type) {
	case PCAPNG_SECTION:
	case PCAPNG_INTERFACE:
	case PCAPNG_NAME_RESOLUTION:
	case PCAPNG_DECRYPTION_SECRETS:
		pcapng_block_append(descriptions, bytes, length);
		break;
	default:
		break;
	}
	return descriptions->failed ? -ENOMEM : 0;
}

static void begin_section(struct section_copy *copy)
{
	copy->is_open = true;
	copy->descriptions.length = 0;
	copy->interface_count = 0;
}

static int add_interface(struct section_copy *copy)
{
	uint64_t *written = reallocarray(copy->written, copy->interface_count + 1, sizeof(*written));

	if (!written)
		return -ENOMEM;
	copy->written = written;
	written[copy->interface_count++] = 0;
	return 0;
}

int pcapng_copy_block(struct writer *writer, const struct file_block *block)
{
	struct section_copy *copy = &writer->copy;
	size_t at = options_at(block);
	int ret = 0;

	if (block->type == PCAPNG_CUSTOM_NO_COPY)
		return 0;
	if (block->type == PCAPNG_SECTION)
		begin_section(copy);
	else if (block->type == PCAPNG_INTERFACE)
		ret = add_interface(copy);
	if (!ret)
		ret = edit(writer, block, at);
	if (ret)
		return ret;
	if (block->type == PCAPNG_SECTION) /* unknown: -1 */
		memset(copy->block.bytes + SECTION_LENGTH_AT, 0xff, sizeof(int64_t));
	ret = remember(writer, block, copy->block.bytes, copy->block.length);
	return ret ? ret : write_bytes(&writer->out, copy->block.bytes, copy->block.length, false);
}

static uint32_t interface_of(const struct file_block *block)
{
	if (block->type == PCAPNG_SIMPLE_PACKET)
		return 0;
	return block->type == PCAPNG_OBSOLETE_PACKET ? get16(block, INTERFACE_AT) : get32(block, INTERFACE_AT);
}

/* A packet that was cut. A Simple Packet Block cannot say that, so it becomes an Enhanced one. */
static int cut(struct writer *writer, const struct frame *frame)
{
	const struct file_block *block = frame->block;
	struct section_copy *copy = &writer->copy;
	const uint32_t captured = order32(block, frame->captured);
	const struct pcapng_block_header head = {order32(block, PCAPNG_ENHANCED_PACKET), 0};
	const struct pcapng_enhanced_packet packet = {
		.captured = captured,
		.length = order32(block, frame->length),
	};
	size_t before;

	copy->block.length = 0;
	if (block->type == PCAPNG_SIMPLE_PACKET) {
		pcapng_block_append(&copy->block, &head, sizeof(head));
		pcapng_block_append(&copy->block, &packet, sizeof(packet));
	} else {
		pcapng_block_append(&copy->block, block->bytes, CAPTURED_AT);
		pcapng_block_append(&copy->block, &captured, sizeof(captured));
		pcapng_block_append(&copy->block, block->bytes + CAPTURED_AT + sizeof(captured), sizeof(uint32_t));
	}
	pcapng_block_append(&copy->block, frame->bytes, frame->captured);
	pcapng_block_append(&copy->block, "\0\0\0", pcapng_padding(frame->captured));
	before = copy->block.length;
	copy_options(writer, block, options_at(block), true);
	return end_block(copy, block, copy->block.length > before);
}

int pcapng_copy_packet(struct writer *writer, const struct frame *frame)
{
	const struct file_block *block = frame->block;
	struct section_copy *copy = &writer->copy;
	size_t at = options_at(block);
	int ret;

	copy->written[interface_of(block)]++;
	if (frame->captured < block->captured)
		ret = cut(writer, frame);
	else if (must_edit(block, at))
		ret = edit(writer, block, at);
	else
		return write_bytes(&writer->out, block->bytes, block->length, true);
	return ret ? ret : write_bytes(&writer->out, copy->block.bytes, copy->block.length, true);
}

int pcapng_copy_start(struct writer *writer)
{
	const struct pcapng_block *descriptions = &writer->copy.descriptions;

	return write_bytes(&writer->out, descriptions->bytes, descriptions->length, false);
}

void pcapng_copy_release(struct section_copy *copy)
{
	free(copy->written);
	pcapng_block_release(&copy->descriptions);
	pcapng_block_release(&copy->block);
}
