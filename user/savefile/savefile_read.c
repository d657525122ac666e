/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/savefile_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_name.h"
#include "savefile/foreign_format.h"
#include "savefile/reader_internal.h"

/* Refuse a file that is no capture, with what else it is. */
static int refuse(struct reader *reader)
{
	const struct byte_stream *stream = &reader->stream;
	size_t length = stream->end - stream->next;
	const char *what;

	if (length < sizeof(uint32_t))
		return reader_refuse(reader, length ? ": it has only %zu byte%s" : ": it is empty", length,
				     length == 1 ? "" : "s");
	what = foreign_format(stream->next, length);
	return what ? reader_refuse(reader, " but %s", what) : reader_refuse(reader, "%s", "");
}

/* Recognise the format by the magic number, and continue with its reader. */
static int next_first(struct source *source, struct frame *frame)
{
	struct reader *reader = (struct reader *)source;
	uint32_t magic;
	int ret = byte_stream_need(&reader->stream, sizeof(magic));

	if (ret == -ENODATA)
		return refuse(reader);
	if (ret < 0)
		return reader_need(reader, sizeof(magic), "the magic number"); /* says why it cannot be read */
	if (ret == 0)
		return 0;
	memcpy(&magic, reader->stream.next, sizeof(magic));
	if (pcap_read_begin(reader, magic) || pcapng_read_begin(reader, magic))
		return source->next(source, frame);
	(void)byte_stream_need(&reader->stream, FOREIGN_FORMAT_START); /* what a pipe has so far must do */
	return refuse(reader);
}

struct source *savefile_read_open(int fd, const char *name)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	char text[FILE_NAME_MAX];

	if (!reader)
		return NULL;
	reader->source.next = next_first;
	reader->name = strdup(file_name(text, name, "standard input"));
	if (!reader->name || byte_stream_init(&reader->stream, fd) < 0) {
		savefile_read_close(&reader->source);
		errno = ENOMEM;
		return NULL;
	}
	return &reader->source;
}

const char *savefile_read_name(const struct source *source)
{
	return ((const struct reader *)source)->name;
}

uint64_t savefile_read_beyond(const struct source *source, uint64_t *first)
{
	const struct reader *reader = (const struct reader *)source;

	*first = reader->beyond_first;
	return reader->beyond_count;
}

bool savefile_read_has_header(const struct source *source)
{
	return ((const struct reader *)source)->stream.offset > 0;
}

void savefile_read_on_block(struct source *source, void (*handler)(void *context, const struct file_block *block),
			    void *context)
{
	struct reader *reader = (struct reader *)source;

	reader->on_block = handler;
	reader->block_context = context;
}

void savefile_read_number_interfaces(struct source *source, uint32_t first)
{
	((struct reader *)source)->first_interface = first;
}

uint32_t savefile_read_next_interface(const struct source *source)
{
	const struct reader *reader = (const struct reader *)source;

	return reader->first_interface + (uint32_t)reader->interface_count;
}

const char *savefile_read_error(const struct source *source)
{
	return ((const struct reader *)source)->error;
}

void savefile_read_close(struct source *source)
{
	struct reader *reader = (struct reader *)source;

	if (!reader)
		return;
	for (size_t i = 0; i < reader->interface_count; i++) {
		free((char *)reader->interfaces[i]->interface.name);
		free(reader->interfaces[i]);
	}
	free(reader->interfaces);
	byte_stream_release(&reader->stream);
	free(reader->name);
	free(reader);
}
