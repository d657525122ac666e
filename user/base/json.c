/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/json.h"

#include "base/escape.h"

/* Bytes of the room that are left. */
static size_t left(struct json json)
{
	return (size_t)(json.end - json.at);
}

/* An opening bracket has no comma after it, but room for more than one byte: json_open() made sure of JSON_SLACK. */
static char *take_back_comma(char *at)
{
	return at[-1] == ',' ? at - 1 : at;
}

struct json json_begin(char *room, size_t size)
{
	return json_open(json_continue(room, size), NULL, "{");
}

struct json json_close(struct json json, const char *bracket)
{
	char *at;

	if (!left(json))
		return json_full(json);
	at = take_back_comma(json.at);
	*at = *bracket;
	return json_added(json, at + 1);
}

struct json json_end(struct json json)
{
	if (!left(json))
		return json_full(json);
	json.at = text_string(take_back_comma(json.at), "}\n");
	return json;
}

struct json json_string_open(struct json json, const char *key)
{
	return json_open(json, key, "\"");
}

struct json json_string_close(struct json json)
{
	return json_fits(json) ? json_added(json, text_string(json.at, "\"")) : json;
}

/* Stops after `max` bytes, or when the next character might not fit. */
static struct json escape(struct json json, const char **from, const char *end, size_t max)
{
	const char *start = json.at;

	while (*from < end && left(json) >= ESCAPE_JSON_MAX + JSON_STRING_END && (size_t)(json.at - start) < max)
		json.at = escape_json(json.at, from, end);
	return json;
}

struct json json_string_part(struct json json, const char **from, const char *end)
{
	return escape(json, from, end, SIZE_MAX);
}

struct json json_string(struct json json, const char *key, const char *value)
{
	const char *end = value + strlen(value);

	json = json_string_part(json_string_open(json, key), &value, end);
	return value == end ? json_string_close(json) : json_full(json);
}

struct json json_cut_string(struct json json, const char *key, const char *value, size_t max)
{
	static const char ellipsis[] = "...";
	const char *start, *end = value + strlen(value);

	json = json_string_open(json, key);
	start = json.at;
	json = escape(json, &value, end, max);
	if (value == end)
		return json_string_close(json);
	if ((size_t)(json.at - start) < max || left(json) < sizeof(ellipsis) + JSON_STRING_END)
		return json_full(json);
	json.at = text_string(json.at, ellipsis);
	return json_string_close(json);
}

struct json json_hex_part(struct json json, const uint8_t *bytes, size_t count)
{
	if (left(json) < 2 * count + JSON_STRING_END)
		return json_full(json);
	json.at = text_hex_bytes(json.at, bytes, count);
	return json;
}

struct json json_hex(struct json json, const char *key, const uint8_t *bytes, size_t count)
{
	return json_string_close(json_hex_part(json_string_open(json, key), bytes, count));
}
