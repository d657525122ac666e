/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/savefile_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "savefile/reader_internal.h"

/* Recognise the format by the magic number, and continue with its reader. */
static int next_first(struct source *source, struct frame *frame)
{
	struct reader *reader = (struct reader *)source;
	uint32_t magic;
	int ret = reader_need(reader, sizeof(magic), "the magic number");

	if (ret == -ENODATA)
		return reader_damage(reader, "the file is empty");
	if (ret <= 0)
		return ret;
	memcpy(&magic, reader->stream.next, sizeof(magic));
	if (!pcap_read_begin(reader, magic) && !pcapng_read_begin(reader, magic))
		return reader_damage(reader, "it does not start like a pcap or pcapng file");
	return source->next(source, frame);
}

struct source *savefile_read_open(int fd, const char *name)
{
	struct reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	reader->source.next = next_first;
	reader->name = strdup(name);
	if (!reader->name || byte_stream_init(&reader->stream, fd) < 0) {
		savefile_read_close(&reader->source);
		errno = ENOMEM;
		return NULL;
	}
	return &reader->source;
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
	pcapng_block_release(&reader->comments);
	byte_stream_release(&reader->stream);
	free(reader->name);
	free(reader);
}
