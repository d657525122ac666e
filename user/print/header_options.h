/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_HEADER_OPTIONS_H
#define BPFSNIFF_HEADER_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* The options at the end of IPv4 (RFC 791 3.1) and TCP (RFC 9293 3.1) headers: both are lists of kind, length, value.
 */

enum { HEADER_OPTIONS_TEXT_MAX = 1024 }; /* bytes of text for 40 bytes of options, at most */

struct header_option {
	uint8_t kind;
	uint8_t length_min, length_max; /* bytes, including kind and length */
	struct text_word name;
	/* Append the `length` bytes after kind and length as text, with a blank before each part. NULL: in hex. */
	char *(*value)(char *at, const uint8_t *bytes, unsigned int length);
};

/*
 * Append a list of options by name, separated by commas, the unknown ones in hex. Of `length` bytes, `captured` are
 * here, at most 40. An option that contradicts itself is marked, and the rest follows in hex. Returns the new end.
 */
char *header_options_text(char *at, const struct header_option *known, size_t known_count, const uint8_t *options,
			  unsigned int captured, unsigned int length);

/* The value, of at most 4 bytes, as one decimal number. */
char *header_option_number(char *at, const uint8_t *bytes, unsigned int length);

/* The value as hexadecimal digits. */
char *header_option_hex(char *at, const uint8_t *bytes, unsigned int length);

#endif
