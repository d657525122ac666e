/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text_builder.h"
#include "flow/flow_json.h"
#include "flow/flow_top.h"
#include "flow/flow_top_text.h"
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

/* A time in hundredths of a millisecond, in eight characters or more. */
static void append_time(struct text_builder *line, uint64_t ns)
{
	const uint64_t hundredths = ns / 10000 + (ns % 10000 >= 5000);
	char fraction[] = ".00ms";

	fraction[1] += (char)(hundredths / 10 % 10);
	fraction[2] += (char)(hundredths % 10);
	text_builder_number(line, hundredths / 100, 3);
	text_builder_string(line, fraction);
}

/* What is known of the TCP connection, else blanks. */
static void append_quality(struct text_builder *line, const struct flow_record *record)
{
	const struct flow_totals *totals = &record->totals;

	if (record->id.protocol != PROTOCOL_TCP) {
		text_builder_string(line, "     -         -");
		return;
	}
	text_builder_string(line, "  ");
	text_builder_number(line, totals->sides[0].retransmissions + totals->sides[1].retransmissions, 4);
	text_builder_string(line, "  ");
	if (flow_rtt(totals))
		append_time(line, flow_rtt(totals));
	else
		text_builder_string(line, "       -");
}

static void append_row(struct text_builder *line, const struct top *top, const struct top_row *row, double seconds)
{
	if (seconds > 0)
		text_builder_number(line, (uint64_t)((double)row->recent / seconds + 0.5), 12);
	text_builder_number(line, row->bytes[0] + row->bytes[1], 14);
	text_builder_string(line, "  ");
	text_builder_number(line, row->packets[0] + row->packets[1], 10);
	if (row->flow) {
		append_quality(line, row->flow);
	} else {
		text_builder_string(line, "  ");
		text_builder_number(line, row->flows, 5);
	}
	text_builder_string(line, "  ");
	top_text_name(line, top, row, true);
}

static void write_title(const struct top *top, struct output *output, const struct top_layout *layout)
{
	static const char *const titles[] = {
		[TOP_FLOW] = "  RETR       RTT  FLOW",
		[TOP_HOST] = "  FLOWS  HOST",
		[TOP_PORT] = "  FLOWS  PORT",
		[TOP_PROCESS] = "  FLOWS  PROCESS",
	};
	char text[LINE_MAX_BYTES];
	struct text_builder line = text_builder_begin(text, sizeof(text));

	if (layout->seconds > 0)
		text_builder_add(&line, "%12s", "BYTES/S");
	text_builder_add(&line, "%14s  %10s%s", "BYTES", "PACKETS", titles[top->choice.key]);
	append_line(output, &line, layout);
}

void top_write_text(const struct top *top, struct output *output, const struct top_layout *layout)
{
	const size_t fit = layout->rows ? layout->rows - 1 : top->shown;

	write_title(top, output, layout);
	for (size_t i = 0; i < top->shown && i < fit; i++) {
		const struct top_row row = top_row(top, i);
		char text[LINE_MAX_BYTES];
		struct text_builder line = text_builder_begin(text, sizeof(text));

		append_row(&line, top, &row, layout->seconds);
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
	static const char *const names[] = {[TOP_HOST] = "host", [TOP_PORT] = "port", [TOP_PROCESS] = "process"};

	if (row->flow)
		return flow_json(json, row->flow);
	json = json_open(json, names[top->choice.key], "{");
	if (top->choice.key == TOP_HOST)
		json = flow_json_address(json, "address", row->address, row->version);
	if (top->choice.key == TOP_PORT)
		json = json_number(json, "protocol", row->protocol);
	if (row->port)
		json = json_number(json, "port", row->port);
	if (row->process)
		json = flow_json_process(json, row->process);
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
		const struct top_row row = top_row(top, i);
		const size_t most = row.process || (row.flow && row.flow->owner) ? FLOW_JSON_OWNER_MAX : FLOW_JSON_MAX;
		struct json json = json_begin(output_room(output, most), most);

		json = json_end(row_json(json, top, &row));
		if (json_fits(json)) /* the newline of json_end() becomes the comma, or the end of the line */
			output_advance(output, json.at - 1);
		append_string(output, i + 1 < top->shown ? "," : "");
	}
	append_string(output, "]\n");
	output_end_record(output);
}
