/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TEXT_H
#define BPFSNIFF_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "compiler.h"

/*
 * Appenders: each writes its text at a pointer and returns the new end; nothing is terminated. The caller provides room
 * for the longest text, and for TEXT_OVERRUN more bytes, which an appender may overwrite.
 */
enum {
	TEXT_U32_MAX = 10,
	TEXT_U64_MAX = 20,
	TEXT_IPV4_MAX = 15,
	TEXT_IPV6_MAX = 39,
	TEXT_MAC_MAX = 17,
	TEXT_OVERRUN = 24,
};

/* Unsigned decimal without leading zeros. */
char *text_u32(char *at, uint32_t value);
char *text_u64(char *at, uint64_t value);

/* Decimal with leading zeros: exactly 2 digits of a value below 100, exactly 9 of one below 1,000,000,000. */
char *text_2_digits(char *at, uint32_t value);
char *text_9_digits(char *at, uint32_t value);

/* The lowest `width` hexadecimal digits of the value, 1 to 8, in lower case and without a prefix. */
char *text_hex(char *at, uint32_t value, unsigned int width);

/* Each byte as two lower-case hexadecimal digits, nothing between them: 2 * count characters. */
char *text_hex_bytes(char *at, const uint8_t *bytes, size_t count);

/* An address of 4 bytes in network byte order, in dotted decimal. */
char *text_ipv4(char *at, const uint8_t *address);

/* An address of 16 bytes in network byte order, in the form of RFC 5952, identical to that of inet_ntop(3). */
char *text_ipv6(char *at, const uint8_t *address);

/* An address of 6 bytes, as aa:bb:cc:dd:ee:ff. */
char *text_mac(char *at, const uint8_t *address);

/* A string, unchanged. Inlined, so that a literal becomes plain stores. */
ALWAYS_INLINE char *text_string(char *at, const char *string)
{
	return mempcpy(at, string, strlen(string));
}

/* A string in a table, with its length, so that it is copied as a whole without a search for its end. */
struct text_word {
	char text[23];
	uint8_t length;
};

#define TEXT_WORD(string)                  \
	{                                  \
		string, sizeof(string) - 1 \
	}

static inline char *text_word(char *at, const struct text_word *word)
{
	memcpy(at, word->text, sizeof(word->text));
	return at + word->length;
}

/* 0 to 2 blanks. */
static inline char *text_gap(char *at, unsigned int blanks)
{
	at[0] = at[1] = ' ';
	return at + blanks;
}

/* A label and a decimal number. */
ALWAYS_INLINE char *text_field(char *at, const char *label, uint32_t value)
{
	return text_u32(text_string(at, label), value);
}

/* A label, 0x, and `width` hexadecimal digits. */
ALWAYS_INLINE char *text_field_hex(char *at, const char *label, uint32_t value, unsigned int width)
{
	return text_hex(text_string(text_string(at, label), "0x"), value, width);
}

#endif
