/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_record.h"

#include <stddef.h>

#include "packet/protocol_names.h"
#include "protocols.h"
#include "tcp_connection.h"

bool flow_has_ports(const struct flow_id *id)
{
	if (!id->low_port && !id->high_port)
		return false;
	switch (id->protocol) {
	case PROTOCOL_TCP:
	case PROTOCOL_UDP:
	case PROTOCOL_DCCP:
	case PROTOCOL_SCTP:
	case PROTOCOL_UDPLITE:
		return true;
	default:
		return false;
	}
}

const char *flow_state_name(const struct flow_record *record)
{
	const struct flow_side *sides = record->totals.sides;
	const uint32_t flags = sides[0].tcp_flags | sides[1].tcp_flags;
	const struct text_word *name = name_protocol(record->id.protocol);

	if (!flow_has_addresses(&record->id))
		return NULL;
	if (record->id.protocol != PROTOCOL_TCP)
		return name ? name->text : NULL;
	if (flags & TCP_RST)
		return "reset";
	if (sides[0].tcp_flags & sides[1].tcp_flags & TCP_FIN)
		return "closed";
	if (flags & TCP_FIN)
		return "fin";
	return flags == TCP_SYN ? "syn" : "open";
}

const char *flow_end_name(enum flow_end end)
{
	static const char *const names[] = {
		[FLOW_FIN] = "fin",       [FLOW_RESET] = "reset",     [FLOW_IDLE] = "idle",
		[FLOW_ACTIVE] = "active", [FLOW_STOPPED] = "stopped",
	};

	return end == FLOW_GOES_ON ? NULL : names[end];
}
