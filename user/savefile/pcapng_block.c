/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/pcapng_block.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "savefile/block_writer.h"
#include "savefile/pcap_format.h"

static void append(struct pcapng_block_draft *draft, const void *bytes, size_t length)
{
	size_t size = draft->size ? draft->size : 256;
	uint8_t *larger;

	while (size < draft->length + length)
		size *= 2;
	if (size > draft->size) {
		larger = realloc(draft->bytes, size);
		if (!larger) {
			draft->failed = true;
			return;
		}
		draft->bytes = larger;
		draft->size = size;
	}
	if (length > 0)
		memcpy(draft->bytes + draft->length, bytes, length);
	draft->length += length;
}

void pcapng_block_start(struct pcapng_block_draft *draft, uint32_t type, const void *body, size_t length)
{
	struct pcapng_block header = {.type = type};

	memset(draft, 0, sizeof(*draft));
	append(draft, &header, sizeof(header));
	append(draft, body, length);
}

void pcapng_block_option(struct pcapng_block_draft *draft, uint16_t code, const void *value, size_t length)
{
	struct pcapng_option header = {.code = code, .length = length};

	if (length > UINT16_MAX)
		return;
	append(draft, &header, sizeof(header));
	append(draft, value, length);
	append(draft, "\0\0\0", pcapng_padding(length));
}

void pcapng_block_text(struct pcapng_block_draft *draft, uint16_t code, const char *text)
{
	if (text)
		pcapng_block_option(draft, code, text, strlen(text));
}

int pcapng_block_put(struct pcapng_block_draft *draft, struct block_writer *out)
{
	uint32_t length;
	uint8_t *room;
	int ret = -ENOMEM;

	pcapng_block_option(draft, OPTION_END, NULL, 0);
	length = draft->length + sizeof(length);
	append(draft, &length, sizeof(length));
	if (!draft->failed) {
		memcpy(draft->bytes + offsetof(struct pcapng_block, length), &length, sizeof(length));
		room = block_writer_room(out, draft->length);
		ret = out->error;
		if (room) {
			memcpy(room, draft->bytes, draft->length);
			block_writer_take(out, draft->length);
		}
	}
	free(draft->bytes);
	return ret;
}
