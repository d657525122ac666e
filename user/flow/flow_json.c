/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_json.h"

#include "flow/flow_owner.h"
#include "flow/flow_text.h"
#include "packet/protocol_names.h"
#include "protocols.h"

enum { FLAGS_MAX = 64 }; /* bytes of the names of all TCP flags, in quotes */

struct json flow_json_address(struct json json, const char *key, const uint8_t *address, uint8_t version)
{
	char text[FLOW_ADDRESS_MAX];

	flow_text_address(text, address, version);
	return json_clean_string(json, key, text);
}

static struct json endpoints(struct json json, const struct flow_id *id, bool source_is_high)
{
	const struct flow_endpoint source = flow_endpoint(id, source_is_high);
	const struct flow_endpoint destination = flow_endpoint(id, !source_is_high);
	const bool has_ports = flow_has_ports(id);

	json = flow_json_address(json, "source", source.address, id->version);
	if (has_ports)
		json = json_number(json, "source_port", source.port);
	json = flow_json_address(json, "destination", destination.address, id->version);
	if (has_ports)
		json = json_number(json, "destination_port", destination.port);
	return json_number(json, "protocol", id->protocol);
}

static struct json time_member(struct json json, const char *key, uint64_t time)
{
	char text[FLOW_TIME_MAX];

	if (!time)
		return json;
	flow_text_time(text, time_since_1970(time));
	return json_clean_string(json, key, text);
}

/* What the source has sent, and what the destination. */
static struct json pair(struct json json, const char *key, uint64_t source, uint64_t destination)
{
	json = json_open(json, key, "[");
	json = json_number(json, NULL, source);
	json = json_number(json, NULL, destination);
	return json_close(json, "]");
}

static struct json tcp_member(struct json json, const struct flow_totals *totals, bool high)
{
	const uint32_t flags = totals->sides[0].tcp_flags | totals->sides[1].tcp_flags;

	json = json_open(json, "tcp", "{");
	json = json_key(json, "flags", FLAGS_MAX);
	if (!json_fits(json))
		return json;
	json = json_added(json, text_string(name_tcp_flags(text_string(json.at, "["), (uint16_t)flags, true), "]"));
	json = pair(json, "retransmissions", totals->sides[high].retransmissions, totals->sides[!high].retransmissions);
	if (flow_rtt(totals))
		json = json_number(json, "rtt_ns", flow_rtt(totals));
	if (totals->handshake)
		json = json_number(json, "handshake_ns", totals->handshake);
	return json_close(json, "}");
}

struct json flow_json_process(struct json json, const struct end_owner *process)
{
	if (process->pid)
		json = json_number(json, "pid", process->pid);
	if (process->command)
		json = json_string(json, "command", process->command);
	if (process->arguments)
		json = json_string(json, "arguments", process->arguments);
	if (process->has_details)
		json = json_number(json, "uid", process->uid);
	return process->cgroup ? json_string(json, "cgroup", process->cgroup) : json;
}

static struct json end_member(struct json json, const char *key, const struct end_owner *end)
{
	json = flow_json_process(json_open(json, key, "{"), end);
	json = json_clean_string(json, "how", owner_how_name(end->how));
	if (end->why)
		json = json_string(json, "why", end->why);
	return json_close(json, "}");
}

static struct json owner_member(struct json json, const struct flow_owner *owner, bool high)
{
	json = json_open(json, "owner", "{");
	json = end_member(json, "source", &owner->ends[high]);
	json = end_member(json, "destination", &owner->ends[!high]);
	return json_close(json, "}");
}

struct json flow_json(struct json json, const struct flow_record *record)
{
	const struct flow_totals *totals = &record->totals;
	const bool high = flow_source_is_high(totals);

	json = json_open(json, "flow", "{");
	if (flow_has_addresses(&record->id))
		json = endpoints(json, &record->id, high);
	json = time_member(json, "first", totals->first);
	json = time_member(json, "last", totals->last);
	if (record->end != FLOW_GOES_ON)
		json = json_clean_string(json, "end", flow_end_name(record->end));
	json = pair(json, "packets", totals->sides[high].packets, totals->sides[!high].packets);
	json = pair(json, "bytes", totals->sides[high].bytes, totals->sides[!high].bytes);
	if (record->id.protocol == PROTOCOL_TCP)
		json = tcp_member(json, totals, high);
	if (record->owner)
		json = owner_member(json, record->owner, high);
	return json_close(json, "}");
}
