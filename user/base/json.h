/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_JSON_H
#define BPFSNIFF_JSON_H

#include <stdbool.h>

#include "base/text.h"

/* Appenders for the members of JSON objects, see text.h. Keys and strings are written as they are, without escapes. */

/* Between two members or elements, not behind an opening bracket. */
static inline char *json_comma(char *at)
{
	bool first = at[-1] == '{' || at[-1] == '[';

	*at = ',';
	return first ? at : at + 1;
}

static inline __attribute__((always_inline)) char *json_key(char *at, const char *key)
{
	*(at = json_comma(at)) = '"';
	at = text_string(at + 1, key);
	return text_string(at, "\":");
}

static inline __attribute__((always_inline)) char *json_number(char *at, const char *key, uint64_t value)
{
	return text_u64(json_key(at, key), value);
}

static inline __attribute__((always_inline)) char *json_string(char *at, const char *key, const char *value)
{
	at = text_string(json_key(at, key), "\"");
	return text_string(text_string(at, value), "\"");
}

static inline __attribute__((always_inline)) char *json_word(char *at, const char *key, const struct text_word *value)
{
	at = text_string(json_key(at, key), "\"");
	return text_string(text_word(at, value), "\"");
}

static inline __attribute__((always_inline)) char *json_hex(char *at, const char *key, const uint8_t *bytes,
							    size_t count)
{
	at = text_string(json_key(at, key), "\"");
	return text_string(text_hex_bytes(at, bytes, count), "\"");
}

static inline __attribute__((always_inline)) char *json_open(char *at, const char *key, const char *bracket)
{
	return text_string(json_key(at, key), bracket);
}

#endif
