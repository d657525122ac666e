/* SPDX-License-Identifier: BSD-2-Clause */
#include "top/top_columns.h"

#include <inttypes.h>

#include "base/time_units.h"
#include "protocols.h"

const struct top_column top_columns[] = {
	{"RATE", "rate", 5, TOP_BY_RATE, true, true},
	{"BYTES", "bytes", 5, TOP_BY_BYTES, true, true},
	{"PKTS", "packets", 5, TOP_BY_PACKETS, true, true},
	{"AGE", "age", 4, TOP_BY_AGE, true, false},
	{"STATE", "state", -6, TOP_BY_STATE, true, false},
	{"RETR", "retransmissions", 4, TOP_BY_RETRANSMISSIONS, true, false},
	{"RTT", "round-trip time", 5, TOP_BY_RTT, true, false},
	{"SENT", "bytes sent", 5, TOP_BY_SENT, false, true},
	{"RECVD", "bytes received", 5, TOP_BY_RECEIVED, false, true},
	{"FLOWS", "flows", 5, TOP_BY_FLOWS, false, true},
	{NULL, "name", 0, TOP_BY_NAME, true, true},
	{0},
};

bool top_column_is_for(const struct top_column *column, enum top_key key)
{
	return key == TOP_FLOW ? column->of_flows : column->of_sums;
}

const struct top_column *top_column_find(enum top_key key, enum top_order order)
{
	for (const struct top_column *column = top_columns; column->word; column++)
		if (column->order == order && top_column_is_for(column, key))
			return column;
	return NULL;
}

const char *top_column_title(const struct top_column *column, enum top_key key)
{
	static const char *const names[] = {
		[TOP_FLOW] = "FLOW", [TOP_HOST] = "HOST", [TOP_PORT] = "PORT", [TOP_PROCESS] = "PROCESS"};

	return column->title ? column->title : names[key];
}

/* A number in at most 5 characters, with three digits that count: 999, 1.23K, 12.3M. */
static void append_amount(struct text_builder *line, int width, double value)
{
	static const char units[] = "KMGTPE";
	int unit = -1;

	while (value >= 999.5 && unit + 2 < (int)sizeof(units)) {
		value /= 1000;
		unit++;
	}
	if (unit < 0)
		text_builder_add(line, "%*.0f", width, value);
	else
		text_builder_add(line, "%*.*f%c", width - 1,
				 value < 9.995   ? 2
				 : value < 99.95 ? 1
						 : 0,
				 value, units[unit]);
}

static void append_age(struct text_builder *line, int width, uint64_t ns)
{
	static const struct {
		uint32_t seconds, limit;
		char unit;
	} units[] = {{1, 60, 's'}, {60, 3600, 'm'}, {3600, 86400, 'h'}, {86400, UINT32_MAX, 'd'}};
	const uint64_t seconds = ns / NSEC_PER_SEC;
	size_t i = 0;

	while (seconds >= units[i].limit && i + 1 < sizeof(units) / sizeof(*units))
		i++;
	text_builder_add(line, "%*" PRIu64 "%c", width - 1, seconds / units[i].seconds, units[i].unit);
}

/* A time in at most 5 characters: 123us, 1.2ms, 123ms, 1.2s. */
static void append_time(struct text_builder *line, int width, uint64_t ns)
{
	const double ms = (double)ns / 1e6;

	if (ms < 1)
		text_builder_add(line, "%*" PRIu64 "us", width - 2, ns / 1000);
	else if (ms < 999.5)
		text_builder_add(line, "%*.*fms", width - 2, ms < 9.95 ? 1 : 0, ms);
	else
		text_builder_add(line, "%*.1fs", width - 1, ms / 1000);
}

static void append_of_flow(struct text_builder *line, const struct top *top, const struct flow_record *flow,
			   const struct top_column *column)
{
	const struct flow_totals *totals = &flow->totals;
	const char *state = flow_state_name(flow);
	const int width = column->width;

	if (column->order == TOP_BY_STATE)
		text_builder_add(line, "%*.6s", width, state ? state : "-");
	else if (column->order == TOP_BY_AGE && totals->first && top->now >= totals->first)
		append_age(line, width, top->now - totals->first);
	else if (column->order == TOP_BY_RETRANSMISSIONS && flow->id.protocol == PROTOCOL_TCP)
		append_amount(line, width, totals->sides[0].retransmissions + totals->sides[1].retransmissions);
	else if (column->order == TOP_BY_RTT && flow_rtt(totals))
		append_time(line, width, flow_rtt(totals));
	else
		text_builder_add(line, "%*s", width, "-");
}

void top_column_append(struct text_builder *line, const struct top *top, const struct top_row *row,
		       const struct top_column *column, double seconds)
{
	const int width = column->width;

	switch (column->order) {
	case TOP_BY_RATE:
		append_amount(line, width, seconds > 0 ? (double)row->recent / seconds : 0);
		break;
	case TOP_BY_BYTES:
		append_amount(line, width, (double)(row->bytes[0] + row->bytes[1]));
		break;
	case TOP_BY_PACKETS:
		append_amount(line, width, (double)(row->packets[0] + row->packets[1]));
		break;
	case TOP_BY_SENT:
		append_amount(line, width, (double)row->bytes[0]);
		break;
	case TOP_BY_RECEIVED:
		append_amount(line, width, (double)row->bytes[1]);
		break;
	case TOP_BY_FLOWS:
		append_amount(line, width, row->flows);
		break;
	case TOP_BY_NAME:
		top_text_name(line, top, row, false);
		break;
	default:
		if (row->flow)
			append_of_flow(line, top, row->flow, column);
	}
}
