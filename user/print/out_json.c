/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/escape.h"
#include "base/json.h"
#include "packet/protocol_names.h"
#include "print/json_headers.h"
#include "print/text_sink.h"
#include "print/text_sinks.h"

enum {
	MEMBERS_MAX =
		JSON_HEADERS_MAX + 1024, /* all members but payload and those that others made, which have no bound */
	VALUE_CHUNK = OUTPUT_ROOM_MAX / ESCAPE_JSON_MAX - 1,
	PAYLOAD_CHUNK = OUTPUT_ROOM_MAX / 2,
};

static char *time_member(char *at, struct text_sink *text, const struct frame *frame)
{
	at = text_string(json_key(at, "time"), "\"");
	return text_string(timestamp_text(&text->timestamp, at, frame->time_ns), "\"");
}

/* A string that others made. Takes over what was written up to `at`, and returns room for the rest of the members. */
static char *foreign_member(char *at, struct output *output, const char *key, const char *value)
{
	const char *end = value + strlen(value);

	output_advance(output, text_string(json_key(at, key), "\""));
	while (value < end) {
		const char *chunk_end = end - value > VALUE_CHUNK ? value + VALUE_CHUNK : end;

		at = output_room(output, OUTPUT_ROOM_MAX);
		while (value < chunk_end)
			at = escape_json(at, &value, end);
		output_advance(output, at);
	}
	return text_string(output_room(output, MEMBERS_MAX), "\"");
}

/* As foreign_member(). */
static char *payload_member(char *at, struct output *output, const struct payload *payload)
{
	at = json_number(json_open(at, "payload", "{"), "length", payload->length);
	output_advance(output, text_string(json_key(at, "hex"), "\""));
	for (uint32_t done = 0, count; done < payload->captured; done += count) {
		count = payload->captured - done < PAYLOAD_CHUNK ? payload->captured - done : PAYLOAD_CHUNK;
		at = output_room(output, 2 * (size_t)count);
		output_advance(output, text_hex_bytes(at, payload->bytes + done, count));
	}
	return text_string(output_room(output, MEMBERS_MAX), "\"}");
}

static char *frame_members(char *at, const struct frame *frame)
{
	if (frame->direction != DIRECTION_UNKNOWN)
		at = json_word(at, "direction", name_direction(frame->direction));
	at = json_number(at, "length", frame->length);
	return json_number(at, "captured", frame->captured);
}

static char *header_members(char *at, const struct packet *packet)
{
	at = json_link(at, &packet->link);
	if (packet->ip.version)
		at = json_ip(at, &packet->ip);
	if (packet->tcp.present)
		at = json_tcp(at, &packet->tcp);
	return packet->udp.present ? json_udp(at, &packet->udp) : at;
}

static int json_packet(struct sink *sink, const struct packet *packet)
{
	struct text_sink *text = (struct text_sink *)sink;
	struct output *output = &text->output;
	const struct frame *frame = packet->frame;
	char *at = text_string(output_room(output, MEMBERS_MAX), "{");

	at = json_number(at, "number", frame->number);
	if (frame->has_time)
		at = time_member(at, text, frame);
	if (frame->interface && frame->interface->name)
		at = foreign_member(at, output, "interface", frame->interface->name);
	at = header_members(frame_members(at, frame), packet);
	if (packet->payload.is_known)
		at = payload_member(at, output, &packet->payload);
	if (packet->truncated != LAYER_NONE)
		at = json_word(at, "truncated", name_layer(packet->truncated));
	if (packet->malformed)
		at = json_string(at, "malformed", packet->malformed);
	if (packet->explanation)
		at = json_string(at, "verdict", packet->explanation->verdict);
	if (packet->explanation && packet->explanation->why)
		at = foreign_member(at, output, "explanation", packet->explanation->why);
	output_advance(output, text_string(at, "}\n"));
	return output->error;
}

struct sink *out_json_open(int fd)
{
	const struct style style = {.time = TIME_RFC3339};

	return text_sink_open(fd, &style, json_packet);
}
