/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CURSOR_H
#define BPFSNIFF_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place in a frame. captured <= length always. */
struct cursor {
	const uint8_t *at; /* the next byte */
	uint32_t captured; /* bytes from there on that are here */
	uint64_t length;   /* bytes from there on that the enclosing header promises */
	bool lost;         /* a header is not all here, so what follows is not known */
};

/* The first bytes of a header, of which the capture may have cut some. */
struct header {
	const uint8_t *bytes;
	uint32_t captured;
};

/* The bit of a field, and the offset of its end in the header. */
struct field_end {
	uint16_t field;
	uint8_t end;
};

/* Big-endian numbers, in host byte order. */
static inline uint16_t load16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t load32(const uint8_t *bytes)
{
	return (uint32_t)load16(bytes) << 16 | load16(bytes + 2);
}

/* Step over `size` bytes, as far as they are here. Returns how many were. */
static inline uint32_t cursor_skip(struct cursor *cursor, uint64_t size)
{
	uint32_t captured = size < cursor->captured ? (uint32_t)size : cursor->captured;

	cursor->at += captured;
	cursor->captured -= captured;
	cursor->length -= size < cursor->length ? size : cursor->length;
	return captured;
}

/* Step over all that is here, as part of a header that is cut. Returns how many bytes there were. */
static inline uint32_t cursor_lose(struct cursor *cursor)
{
	cursor->lost = true;
	return cursor_skip(cursor, UINT64_MAX);
}

/* The next `size` bytes, stepped over; NULL, and nothing stepped over, when they are not all here. */
static inline const uint8_t *cursor_pull(struct cursor *cursor, uint32_t size)
{
	const uint8_t *bytes = cursor->at;

	if (cursor->captured < size)
		return NULL;
	cursor->at += size;
	cursor->captured -= size;
	cursor->length -= size;
	return bytes;
}

/* The next `size` bytes as far as they are here; nothing is stepped over. */
static inline struct header cursor_header(const struct cursor *cursor, uint32_t size)
{
	return (struct header){cursor->at, size < cursor->captured ? size : cursor->captured};
}

/* A header says that `length` bytes follow: what is here beyond them is padding. */
static inline void cursor_promise(struct cursor *cursor, uint64_t length)
{
	cursor->length = length;
	if (cursor->captured > length)
		cursor->captured = (uint32_t)length;
}

/* Fields of a header at `offset`, zero when they are not all here. */
static inline uint8_t field8(struct header header, uint32_t offset)
{
	return offset < header.captured ? header.bytes[offset] : 0;
}

static inline uint16_t field16(struct header header, uint32_t offset)
{
	return offset + 2 <= header.captured ? load16(header.bytes + offset) : 0;
}

static inline uint32_t field32(struct header header, uint32_t offset)
{
	return offset + 4 <= header.captured ? load32(header.bytes + offset) : 0;
}

/* The place of a field of `size` bytes; NULL when it is not all here. */
static inline const uint8_t *field_bytes(struct header header, uint32_t offset, uint32_t size)
{
	return offset + size <= header.captured ? header.bytes + offset : NULL;
}

/* The bits of the fields that were captured whole; the table is in the order of the wire. */
static inline uint16_t fields_captured(struct header header, const struct field_end *ends, size_t count)
{
	uint16_t fields = 0;

	for (size_t i = 0; i < count && ends[i].end <= header.captured; i++)
		fields |= ends[i].field;
	return fields;
}

#endif
