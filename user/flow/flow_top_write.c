/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>

#include "base/text_builder.h"
#include "flow/flow_json.h"
#include "flow/flow_text.h"
#include "flow/flow_top.h"
#include "packet/protocol_names.h"
#include "protocols.h"

enum { LINE_MAX_BYTES = 512 };

/* Write a line, and its end. */
static void append_line(struct output *output, const struct text_builder *line, const struct top_layout *layout)
{
	const size_t cut = layout->columns && layout->columns < line->length ? layout->columns : line->length;
	char *at = output_room(output, LINE_MAX_BYTES + TEXT_OVERRUN);

	at = mempcpy(at, line->text, cut);
	output_advance(output, text_string(at, layout->erases ? "\033[K\n" : "\n"));
	output_end_record(output);
}

static void append_protocol(struct text_builder *line, uint8_t protocol)
{
	const struct text_word *name = name_protocol(protocol);

	if (name)
		text_builder_add(line, "%.*s", name->length, name->text);
	else
		text_builder_add(line, "%u", protocol);
}

static void append_endpoint(struct text_builder *line, const struct flow_endpoint *end, const struct flow_id *id)
{
	char address[FLOW_ADDRESS_MAX];

	flow_text_address(address, end->address, id->version);
	if (!flow_has_ports(id))
		text_builder_add(line, "%s", address);
	else
		text_builder_add(line, id->version == 4 ? "%s:%u" : "[%s]:%u", address, end->port);
}

static void append_flow(struct text_builder *line, const struct flow_record *record)
{
	const bool high = flow_source_is_high(&record->totals);
	const struct flow_endpoint source = flow_endpoint(&record->id, high);
	const struct flow_endpoint destination = flow_endpoint(&record->id, !high);

	if (!flow_has_addresses(&record->id)) {
		text_builder_add(line, "not IP");
		return;
	}
	append_protocol(line, record->id.protocol);
	text_builder_add(line, " ");
	append_endpoint(line, &source, &record->id);
	text_builder_add(line, " > ");
	append_endpoint(line, &destination, &record->id);
}

/* What is known of the TCP connection, else blanks. */
static void append_quality(struct text_builder *line, const struct flow_record *record)
{
	const struct flow_totals *totals = &record->totals;

	if (record->id.protocol != PROTOCOL_TCP) {
		text_builder_add(line, "  %4s  %8s", "-", "-");
		return;
	}
	text_builder_add(line, "  %4" PRIu32, totals->sides[0].retransmissions + totals->sides[1].retransmissions);
	if (flow_rtt(totals))
		text_builder_add(line, "  %6.2fms", (double)flow_rtt(totals) / 1e6);
	else
		text_builder_add(line, "  %8s", "-");
}

static void append_name(struct text_builder *line, const struct top *top, const struct top_row *row)
{
	static const uint8_t none[sizeof(row->address)];
	char address[FLOW_ADDRESS_MAX];

	switch (top->key) {
	case TOP_HOST:
		flow_text_address(address, row->address, row->version);
		text_builder_add(line, "  %5" PRIu32 "  %s", row->flows,
				 memcmp(row->address, none, sizeof(none)) ? address : "not IP");
		break;
	case TOP_PORT:
		text_builder_add(line, "  %5" PRIu32 "  ", row->flows);
		append_protocol(line, row->protocol);
		if (row->port)
			text_builder_add(line, " %u", row->port);
		break;
	case TOP_FLOW:
	default:
		append_quality(line, row->flow);
		text_builder_add(line, "  ");
		append_flow(line, row->flow);
	}
}

static void write_title(const struct top *top, struct output *output, const struct top_layout *layout)
{
	static const char *const titles[] = {
		[TOP_FLOW] = "  RETR       RTT  FLOW",
		[TOP_HOST] = "  FLOWS  HOST",
		[TOP_PORT] = "  FLOWS  PORT",
	};
	char text[LINE_MAX_BYTES];
	struct text_builder line = text_builder_begin(text, sizeof(text));

	if (layout->seconds > 0)
		text_builder_add(&line, "%12s", "BYTES/S");
	text_builder_add(&line, "%14s  %10s%s", "BYTES", "PACKETS", titles[top->key]);
	append_line(output, &line, layout);
}

void top_write_text(const struct top *top, struct output *output, const struct top_layout *layout)
{
	const size_t fit = layout->rows ? layout->rows - 1 : top->shown;

	write_title(top, output, layout);
	for (size_t i = 0; i < top->shown && i < fit; i++) {
		const struct top_row *row = top->order[i];
		char text[LINE_MAX_BYTES];
		struct text_builder line = text_builder_begin(text, sizeof(text));

		if (layout->seconds > 0)
			text_builder_add(&line, "%12.0f", (double)row->recent / layout->seconds);
		text_builder_add(&line, "%14" PRIu64 "  %10" PRIu64, row->bytes[0] + row->bytes[1],
				 row->packets[0] + row->packets[1]);
		append_name(&line, top, row);
		append_line(output, &line, layout);
	}
}

static struct json pair(struct json json, const char *key, const uint64_t values[2])
{
	json = json_open(json, key, "[");
	json = json_number(json, NULL, values[0]);
	json = json_number(json, NULL, values[1]);
	return json_close(json, "]");
}

/* The members of an object, without its brackets. */
static struct json row_json(struct json json, const struct top *top, const struct top_row *row)
{
	if (top->key == TOP_FLOW)
		return flow_json(json, row->flow);
	json = json_open(json, top->key == TOP_HOST ? "host" : "port", "{");
	if (top->key == TOP_HOST) {
		json = flow_json_address(json, "address", row->address, row->version);
	} else {
		json = json_number(json, "protocol", row->protocol);
		if (row->port)
			json = json_number(json, "port", row->port);
	}
	json = json_number(json, "flows", row->flows);
	json = pair(json, "packets", row->packets);
	return json_close(pair(json, "bytes", row->bytes), "}");
}

static void append_string(struct output *output, const char *string)
{
	output_advance(output, text_string(output_room(output, 8 + TEXT_OVERRUN), string));
}

void top_write_json(const struct top *top, struct output *output)
{
	append_string(output, "[");
	for (size_t i = 0; i < top->shown; i++) {
		struct json json = json_begin(output_room(output, FLOW_JSON_MAX), FLOW_JSON_MAX);

		json = json_end(row_json(json, top, top->order[i]));
		if (json_fits(json)) /* the newline of json_end() becomes the comma, or the end of the line */
			output_advance(output, json.at - 1);
		append_string(output, i + 1 < top->shown ? "," : "");
	}
	append_string(output, "]\n");
	output_end_record(output);
}
