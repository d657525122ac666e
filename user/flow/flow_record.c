/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_record.h"

#include <stddef.h>

#include "protocols.h"

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

const char *flow_end_name(enum flow_end end)
{
	static const char *const names[] = {
		[FLOW_FIN] = "fin",       [FLOW_RESET] = "reset",     [FLOW_IDLE] = "idle",
		[FLOW_ACTIVE] = "active", [FLOW_STOPPED] = "stopped",
	};

	return end == FLOW_GOES_ON ? NULL : names[end];
}
