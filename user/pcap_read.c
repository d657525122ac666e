/* SPDX-License-Identifier: BSD-2-Clause */
#include "pcap_read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcap_format.h"
#include "pcap_reader.h"

/* pcapng files made of many others have as many interfaces; each costs memory until the end. */
enum { INTERFACES_MAX = 65536 };

static const char *const loopback_names[] = {"lo", "lo0", "\\Device\\NPF_Loopback"};

static bool is_loopback(uint16_t link_type, const char *name)
{
	if (link_type == LINK_NULL || link_type == LINK_LOOP)
		return true;
	for (size_t i = 0; name && i < sizeof(loopback_names) / sizeof(loopback_names[0]); i++) {
		if (strcmp(name, loopback_names[i]) == 0)
			return true;
	}
	return false;
}

static int next_failed(struct source *source, struct frame *frame)
{
	(void)frame;
	return ((struct pcap_reader *)source)->status;
}

/* Nothing is read after an error. */
static int reader_fail(struct pcap_reader *reader, int error)
{
	reader->status = error;
	reader->source.next = next_failed;
	return error;
}

int pcap_reader_damage(struct pcap_reader *reader, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(reader->error, sizeof(reader->error), "'%s' is damaged at offset %" PRIu64 ": %s", reader->name,
		 reader->stream.offset, what);
	return reader_fail(reader, -EBADMSG);
}

int pcap_reader_error(struct pcap_reader *reader, int error)
{
	snprintf(reader->error, sizeof(reader->error), "cannot read '%s' at offset %" PRIu64 ": %s", reader->name,
		 reader->stream.offset, strerror(-error));
	return reader_fail(reader, error);
}

int pcap_reader_fill(struct pcap_reader *reader, size_t bytes, const char *what)
{
	struct byte_stream *stream = &reader->stream;
	int ret = byte_stream_fill(stream, bytes);
	size_t left = stream->end - stream->next;

	if (ret >= 0)
		return ret;
	if (ret == -ENODATA && left == 0)
		return reader_fail(reader, -ENODATA);
	if (ret == -ENODATA)
		return pcap_reader_damage(reader, "the file ends after %zu of the %zu bytes of %s", left, bytes, what);
	if (stream->problem)
		return pcap_reader_damage(reader, "%s", stream->problem);
	return pcap_reader_error(reader, ret);
}

/* Make room in the list of interfaces for one more. */
static int grow_interfaces(struct pcap_reader *reader)
{
	size_t count = reader->interface_count;
	struct file_interface **more;

	if (count & (count - 1))
		return 0;
	more = reallocarray(reader->interfaces, count ? count * 2 : 1, sizeof(struct file_interface *));
	if (!more)
		return -ENOMEM;
	reader->interfaces = more;
	return 0;
}

int pcap_reader_add_interface(struct pcap_reader *reader, const struct file_interface *described, const char *name,
			      size_t name_length)
{
	struct file_interface *added;
	char *own_name = NULL;

	if (reader->interface_count == INTERFACES_MAX)
		return pcap_reader_damage(reader, "it describes more than %d interfaces", INTERFACES_MAX);
	if (grow_interfaces(reader) < 0)
		return pcap_reader_error(reader, -ENOMEM);
	added = malloc(sizeof(*added));
	if (name)
		own_name = strndup(name, name_length);
	if (!added || (name && !own_name)) {
		free(added);
		free(own_name);
		return pcap_reader_error(reader, -ENOMEM);
	}
	*added = *described;
	added->interface.id = reader->interface_count;
	added->interface.name = own_name;
	added->interface.loopback = is_loopback(added->interface.link_type, own_name);
	reader->interfaces[reader->interface_count++] = added;
	return 0;
}

static int next_record(struct source *source, struct frame *frame)
{
	struct pcap_reader *reader = (struct pcap_reader *)source;
	struct byte_stream *stream = &reader->stream;
	struct pcap_record record;
	uint32_t captured;
	int ret = pcap_reader_need(reader, reader->record_header, "a packet header");

	if (ret <= 0)
		return ret;
	memcpy(&record, stream->next, sizeof(record));
	captured = host32(reader, record.captured);
	if (captured > reader->captured_max)
		return pcap_reader_damage(
			reader, "a packet of %" PRIu32 " captured bytes, more than the %" PRIu32 " that are possible",
			captured, reader->captured_max);
	ret = pcap_reader_need(reader, reader->record_header + captured, "a packet");
	if (ret <= 0)
		return ret;
	*frame = (struct frame){
		.bytes = stream->next + reader->record_header,
		.captured = captured,
		.length = host32(reader, record.length),
		.number = ++reader->number,
		.time_ns = host32(reader, record.seconds) * INT64_C(1000000000) +
			   (int64_t)host32(reader, record.fraction) * reader->fraction_ns,
		.has_time = true,
		.interface = &reader->interfaces[0]->interface,
	};
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

static int read_file_header(struct pcap_reader *reader)
{
	struct file_interface described = {0};
	struct pcap_file_header header;
	uint32_t snaplen;
	int ret = pcap_reader_need(reader, sizeof(header), "the file header");

	if (ret <= 0)
		return ret;
	memcpy(&header, reader->stream.next, sizeof(header));
	if (host16(reader, header.major) != PCAP_MAJOR)
		return pcap_reader_damage(reader, "it is of version %u, and only version %u is known",
					  host16(reader, header.major), PCAP_MAJOR);
	snaplen = host32(reader, header.snaplen);
	reader->captured_max = snaplen < PCAP_SNAPLEN ? PCAP_SNAPLEN : snaplen;
	if (reader->captured_max > CAPTURE_BLOCK_MAX)
		reader->captured_max = CAPTURE_BLOCK_MAX;
	described.interface.link_type = host32(reader, header.link_type);
	described.interface.snaplen = snaplen;
	ret = pcap_reader_add_interface(reader, &described, NULL, 0);
	if (ret < 0)
		return ret;
	byte_stream_consume(&reader->stream, sizeof(header));
	return 1;
}

/* Tell the format by the first bytes, and go on as it demands. */
static int next_first(struct source *source, struct frame *frame)
{
	struct pcap_reader *reader = (struct pcap_reader *)source;
	uint32_t magic;
	int ret = pcap_reader_need(reader, sizeof(magic), "the magic number");

	if (ret == -ENODATA)
		return pcap_reader_damage(reader, "the file is empty");
	if (ret <= 0)
		return ret;
	memcpy(&magic, reader->stream.next, sizeof(magic));
	if (magic == PCAPNG_SECTION) {
		source->next = pcapng_next;
		return source->next(source, frame);
	}
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		const struct pcap_variant *variant = &variants[i];

		if (magic != variant->magic && magic != bswap_32(variant->magic))
			continue;
		reader->swap = magic != variant->magic;
		reader->fraction_ns = variant->fraction_ns;
		reader->record_header = variant->record_header;
		ret = read_file_header(reader);
		if (ret <= 0)
			return ret;
		source->next = next_record;
		return source->next(source, frame);
	}
	return pcap_reader_damage(reader, "it does not start like a pcap or pcapng file");
}

struct source *pcap_read_open(int fd, const char *name)
{
	struct pcap_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	reader->source.next = next_first;
	reader->name = strdup(name);
	if (!reader->name || byte_stream_open(&reader->stream, fd) < 0) {
		pcap_read_close(&reader->source);
		errno = ENOMEM;
		return NULL;
	}
	return &reader->source;
}

const char *pcap_read_error(const struct source *source)
{
	return ((const struct pcap_reader *)source)->error;
}

void pcap_read_close(struct source *source)
{
	struct pcap_reader *reader = (struct pcap_reader *)source;

	if (!reader)
		return;
	for (size_t i = 0; i < reader->interface_count; i++) {
		free((char *)reader->interfaces[i]->interface.name);
		free(reader->interfaces[i]);
	}
	free(reader->interfaces);
	free(reader->comments.bytes);
	byte_stream_close(&reader->stream);
	free(reader->name);
	free(reader);
}
