/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base/json.h"
#include "packet/protocol_names.h"
#include "print/json_headers.h"
#include "print/text_sink.h"
#include "print/text_sinks.h"

enum {
	MEMBERS_MAX = JSON_HEADERS_MAX + 1024, /* bytes of all members except foreign strings and the payload's bytes */
	PAYLOAD_CHUNK = (OUTPUT_ROOM_MAX - JSON_STRING_END) / 2,
};

static struct json time_member(struct json json, struct text_sink *text, const struct frame *frame)
{
	json = json_key(json, "time", TIMESTAMP_MAX + 2);
	if (!json_fits(json))
		return json;
	return json_added(
		json, text_string(timestamp_text(&text->timestamp, text_string(json.at, "\""), frame->time_ns), "\""));
}

/* Commit what was written, and continue in new room. */
static struct json next_room(struct json json, struct output *output, size_t bytes)
{
	if (!json_fits(json))
		return json;
	output_advance(output, json.at);
	return json_continue(output_room(output, bytes), bytes);
}

/* A string of any length from outside. Returns room for the remaining members. */
static struct json foreign_member(struct json json, struct output *output, const char *key, const char *value)
{
	const char *end = value + strlen(value);

	json = json_string_open(json, key);
	while (value < end && json_fits(json))
		json = json_string_part(next_room(json, output, OUTPUT_ROOM_MAX), &value, end);
	return json_string_close(next_room(json, output, MEMBERS_MAX));
}

/* Returns room for the remaining members. */
static struct json payload_member(struct json json, struct output *output, const struct payload *payload)
{
	json = json_open(json, "payload", "{");
	json = json_number(json, "length", payload->length);
	json = json_string_open(json, "hex");
	for (uint32_t done = 0, count; done < payload->captured; done += count) {
		count = payload->captured - done < PAYLOAD_CHUNK ? payload->captured - done : PAYLOAD_CHUNK;
		json = next_room(json, output, 2 * (size_t)count + JSON_STRING_END);
		json = json_hex_part(json, payload->bytes + done, count);
	}
	json = json_string_close(next_room(json, output, MEMBERS_MAX));
	return json_close(json, "}");
}

static struct json frame_members(struct json json, const struct frame *frame)
{
	if (frame->direction != DIRECTION_UNKNOWN)
		json = json_word(json, "direction", name_direction(frame->direction));
	json = json_number(json, "length", frame->length);
	return json_number(json, "captured", frame->captured);
}

static struct json header_members(struct json json, const struct packet *packet)
{
	json = json_link(json, &packet->link);
	if (packet->ip.version)
		json = json_ip(json, &packet->ip);
	if (packet->tcp.present)
		json = json_tcp(json, &packet->tcp, packet->analysis);
	return packet->udp.present ? json_udp(json, &packet->udp) : json;
}

/* The process at an end. */
static struct json end_owner_member(struct json json, struct output *output, const char *key,
				    const struct end_owner *owner)
{
	json = json_open(json, key, "{");
	if (owner->pid)
		json = json_number(json, "pid", owner->pid);
	if (owner->command)
		json = foreign_member(json, output, "command", owner->command);
	if (owner->arguments)
		json = foreign_member(json, output, "arguments", owner->arguments);
	if (owner->has_details)
		json = json_number(json, "uid", owner->uid);
	if (owner->cgroup)
		json = foreign_member(json, output, "cgroup", owner->cgroup);
	json = json_clean_string(json, "how", owner_how_name(owner->how));
	if (owner->why)
		json = foreign_member(json, output, "why", owner->why);
	return json_close(json, "}");
}

static struct json owner_member(struct json json, struct output *output, const struct packet_owner *owner)
{
	json = json_open(json, "owner", "{");
	json = end_owner_member(json, output, "source", &owner->source);
	json = end_owner_member(json, output, "destination", &owner->destination);
	return json_close(json, "}");
}

/* Findings about the packet as a whole. */
static struct json judgement_members(struct json json, struct output *output, const struct packet *packet)
{
	if (packet->truncated != LAYER_NONE)
		json = json_word(json, "truncated", name_layer(packet->truncated));
	if (packet->malformed)
		json = json_clean_string(json, "malformed", packet->malformed);
	if (!packet->explanation)
		return json;
	json = json_clean_string(json, "verdict", packet->explanation->verdict);
	if (packet->explanation->why)
		json = foreign_member(json, output, "explanation", packet->explanation->why);
	return json;
}

static int json_packet(struct sink *sink, const struct packet *packet)
{
	struct text_sink *text = (struct text_sink *)sink;
	struct output *output = &text->output;
	const struct frame *frame = packet->frame;
	struct json json = json_begin(output_room(output, MEMBERS_MAX), MEMBERS_MAX);

	json = json_number(json, "number", frame->number);
	if (frame->has_time)
		json = time_member(json, text, frame);
	if (frame->interface && frame->interface->name)
		json = foreign_member(json, output, "interface", frame->interface->name);
	json = header_members(frame_members(json, frame), packet);
	if (packet->payload.is_known)
		json = payload_member(json, output, &packet->payload);
	if (packet->owner)
		json = owner_member(json, output, packet->owner);
	json = json_end(judgement_members(json, output, packet));
	if (!json_fits(json))
		return -ENOBUFS;
	output_advance(output, json.at);
	output_end_record(output);
	return output->error;
}

struct sink *out_json_open(int fd)
{
	const struct style style = {.time = TIME_RFC3339};

	return text_sink_open(fd, &style, json_packet);
}
