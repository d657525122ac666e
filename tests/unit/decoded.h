/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_DECODED_H
#define BPFSNIFF_TESTS_DECODED_H

/* For the tests of the decoder: frames from hexadecimal text, laid so that a read past their end faults. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "decode/decode.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { FRAME_ROOM = 128 * 1024 };

/* A decoded packet and all that it points to. */
struct decoded {
	struct interface interface;
	struct frame frame;
	struct packet packet;
};

/* Two digits a byte, blanks between them as one likes. Returns how many bytes. */
static inline uint32_t from_hex(const char *hex, uint8_t *bytes)
{
	uint32_t count = 0;

	for (hex += strspn(hex, " "); *hex; hex += strspn(hex, " ")) {
		char digits[] = {hex[0], hex[1], '\0'};

		bytes[count++] = (uint8_t)strtoul(digits, NULL, 16);
		hex += 2;
	}
	return count;
}

/* The end of a room of FRAME_ROOM bytes, behind which a page may not be touched. */
static inline uint8_t *guarded_end(void)
{
	static uint8_t *room;

	if (!room) {
		room = mmap(NULL, FRAME_ROOM + 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		assert_ptr_not_equal(room, MAP_FAILED);
		assert_int_equal(mprotect(room + FRAME_ROOM, 65536, PROT_NONE), 0);
	}
	return room + FRAME_ROOM;
}

/* Decode `captured` bytes of a frame that had `length`. The frame lasts until the next is decoded; what it says of
 * checksum offload is the caller's. */
static inline const struct packet *decode_bytes(struct decoded *decoded, uint16_t link_type, const uint8_t *bytes,
						uint32_t captured, uint32_t length)
{
	uint8_t *place = guarded_end() - captured;

	memmove(place, bytes, captured);
	decoded->interface = (struct interface){.link_type = link_type};
	decoded->frame.bytes = place;
	decoded->frame.captured = captured;
	decoded->frame.length = length;
	decoded->frame.interface = &decoded->interface;
	/* What a decoder forgets to set is to be seen. */
	memset(&decoded->packet, 0xa5, sizeof(decoded->packet));
	decode(&decoded->frame, &decoded->packet);
	assert_ptr_equal(decoded->packet.frame, &decoded->frame);
	return &decoded->packet;
}

/* The same for hexadecimal text, to which `missing` bytes belong that were not captured. */
static inline const struct packet *decode_hex(struct decoded *decoded, uint16_t link_type, const char *hex,
					      uint32_t missing)
{
	uint8_t bytes[4096];
	uint32_t captured = from_hex(hex, bytes);

	return decode_bytes(decoded, link_type, bytes, captured, captured + missing);
}

/* NULL-proof. */
static inline void assert_sentence(const char *found, const char *expected)
{
	assert_string_equal(found ? found : "(none)", expected ? expected : "(none)");
}

#endif
