/* SPDX-License-Identifier: BSD-2-Clause */
#include "watched_output.h"

#include <sanitizer/asan_interface.h>
#include <stdint.h>

#include "base/output.h"
#include "input.h"

enum {
	KEPT_MAX = 1 << 20,
	FORBIDDEN = 256, /* poisoned bytes after the room */
};

static _Alignas(8) char kept[KEPT_MAX + OUTPUT_ROOM_MAX + FORBIDDEN];
static size_t kept_length;

const char *watched_output(size_t *length)
{
	*length = kept_length;
	return kept;
}

void watched_output_clear(void)
{
	kept_length = 0;
}

int output_init(struct output *output, int fd)
{
	*output = (struct output){.fd = fd};
	return 0;
}

char *output_room(struct output *output, size_t bytes)
{
	char *room = kept + kept_length;

	(void)output;
	must(bytes <= OUTPUT_ROOM_MAX && kept_length <= KEPT_MAX);
	ASAN_UNPOISON_MEMORY_REGION(room, bytes);
	ASAN_POISON_MEMORY_REGION(room + bytes, FORBIDDEN);
	return room;
}

void output_advance(struct output *output, const char *end)
{
	(void)output;
	must(end >= kept + kept_length);
	kept_length = (size_t)(end - kept);
}

void output_end_record(struct output *output)
{
	(void)output;
}

int output_flush(struct output *output)
{
	return output->error;
}

void output_release(struct output *output)
{
	*output = (struct output){.fd = -1};
}
