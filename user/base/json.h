/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_JSON_H
#define BPFSNIFF_JSON_H

#include <stdbool.h>

#include "base/text.h"
#include "compiler.h"

/*
 * A bounded JSON writer. Each function appends one thing and returns the writer after it. A member that would not fit
 * at its widest is not written, and neither is anything after it; check json_fits() at the end. The writer is passed
 * by value so that it stays in registers: packets are written with it.
 *
 * Keys are written as they are. A NULL key appends an element to an array.
 */
struct json {
	char *at;  /* the end of what was written; `end`: something did not fit */
	char *end; /* of the room */
};

enum {
	JSON_STRING_END = 2,           /* bytes that json_string_close() appends */
	JSON_SLACK = 4 + TEXT_OVERRUN, /* bytes that a member needs beside its key and value */
};

/* Continue in other room of `size` bytes, in the middle of a string. */
static inline struct json json_continue(char *room, size_t size)
{
	return (struct json){room, room + size};
}

/* Whether everything has fitted so far. What fits leaves some room (JSON_SLACK), so `at` is not `end` then. */
static inline bool json_fits(struct json json)
{
	return json.at != json.end;
}

/* What is returned after something that does not fit: a writer without room for anything else. */
static inline struct json json_full(struct json json)
{
	return (struct json){json.end, json.end};
}

/* Append a key, provided that a value of at most `value_max` bytes fits after it. If json_fits(), the caller writes the
 * value at json.at and passes its end to json_added(). */
ALWAYS_INLINE struct json json_key(struct json json, const char *key, size_t value_max)
{
	size_t need = (key ? strlen(key) : 0) + value_max + JSON_SLACK;

	if (__builtin_expect((size_t)(json.end - json.at) < need, 0))
		return json_full(json);
	if (key) {
		*json.at = '"';
		json.at = text_string(text_string(json.at + 1, key), "\":");
	}
	return json;
}

/* Every member is followed by a comma, which the closing bracket overwrites. */
ALWAYS_INLINE struct json json_added(struct json json, char *value_end)
{
	*value_end = ',';
	return (struct json){value_end + 1, json.end};
}

ALWAYS_INLINE struct json json_number(struct json json, const char *key, uint64_t value)
{
	json = json_key(json, key, TEXT_U64_MAX);
	return json_fits(json) ? json_added(json, text_u64(json.at, value)) : json;
}

ALWAYS_INLINE struct json json_bool(struct json json, const char *key, bool value)
{
	json = json_key(json, key, sizeof("false") - 1);
	return json_fits(json) ? json_added(json, text_string(json.at, value ? "true" : "false")) : json;
}

/* A string known to need no escapes. */
ALWAYS_INLINE struct json json_clean_string(struct json json, const char *key, const char *value)
{
	json = json_key(json, key, strlen(value) + 2);
	if (!json_fits(json))
		return json;
	return json_added(json, text_string(text_string(text_string(json.at, "\""), value), "\""));
}

/* The same for a word from a table. */
ALWAYS_INLINE struct json json_word(struct json json, const char *key, const struct text_word *value)
{
	json = json_key(json, key, sizeof(value->text) + 2);
	if (!json_fits(json))
		return json;
	return json_added(json, text_string(text_word(text_string(json.at, "\""), value), "\""));
}

/* Open an object, "{", or an array, "[". */
ALWAYS_INLINE struct json json_open(struct json json, const char *key, const char *bracket)
{
	json = json_key(json, key, 1);
	if (json_fits(json))
		*json.at++ = *bracket;
	return json;
}

/* Close it: "}" or "]". */
struct json json_close(struct json json, const char *bracket);

/* Begin and end the outermost object; a newline follows it. */
struct json json_begin(char *room, size_t size);
struct json json_end(struct json json);

/* Any string, with escapes. */
struct json json_string(struct json json, const char *key, const char *value);

/* The same, cut after about `max` bytes, at the end of a character; "..." marks the cut. */
struct json json_cut_string(struct json json, const char *key, const char *value, size_t max);

/* Bytes as a string of hexadecimal digits. */
struct json json_hex(struct json json, const char *key, const uint8_t *bytes, size_t count);

/* A string in parts, which may be longer than the room. json_string_part() appends as much of [*from, end) as fits and
 * moves *from behind it. There is always room left to close the string. */
struct json json_string_open(struct json json, const char *key);
struct json json_string_part(struct json json, const char **from, const char *end);
struct json json_hex_part(struct json json, const uint8_t *bytes, size_t count);
struct json json_string_close(struct json json);

#endif
