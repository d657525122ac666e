/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/pcapng_block.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "savefile/block_writer.h"
#include "savefile/pcap_format.h"

void pcapng_block_append(struct pcapng_block *block, const void *bytes, size_t length)
{
	size_t size = block->size ? block->size : 256;
	uint8_t *larger;

	while (size < block->length + length)
		size *= 2;
	if (size > block->size) {
		larger = realloc(block->bytes, size);
		if (!larger) {
			block->failed = true;
			return;
		}
		block->bytes = larger;
		block->size = size;
	}
	if (length > 0)
		memcpy(block->bytes + block->length, bytes, length);
	block->length += length;
}

void pcapng_block_init(struct pcapng_block *block, uint32_t type, const void *body, size_t length)
{
	struct pcapng_block_header header = {.type = type};

	memset(block, 0, sizeof(*block));
	pcapng_block_append(block, &header, sizeof(header));
	pcapng_block_append(block, body, length);
}

void pcapng_block_option(struct pcapng_block *block, uint16_t code, const void *value, size_t length)
{
	struct pcapng_option header = {.code = code, .length = length};

	if (length > UINT16_MAX)
		return;
	pcapng_block_append(block, &header, sizeof(header));
	pcapng_block_append(block, value, length);
	pcapng_block_append(block, "\0\0\0", pcapng_padding(length));
}

void pcapng_block_text(struct pcapng_block *block, uint16_t code, const char *text)
{
	if (text)
		pcapng_block_option(block, code, text, strlen(text));
}

int pcapng_block_write(struct pcapng_block *block, struct block_writer *out)
{
	uint32_t length;
	uint8_t *room;
	int ret = -ENOMEM;

	pcapng_block_option(block, OPTION_END, NULL, 0);
	length = block->length + sizeof(length);
	pcapng_block_append(block, &length, sizeof(length));
	if (!block->failed) {
		memcpy(block->bytes + offsetof(struct pcapng_block_header, length), &length, sizeof(length));
		room = block_writer_room(out, block->length);
		ret = out->error;
		if (room) {
			memcpy(room, block->bytes, block->length);
			block_writer_take(out, block->length);
		}
	}
	pcapng_block_release(block);
	return ret;
}

void pcapng_block_release(struct pcapng_block *block)
{
	free(block->bytes);
	memset(block, 0, sizeof(*block));
}
