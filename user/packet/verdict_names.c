/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet/verdict_names.h"

static const char *const names[VERDICT_COUNT] = {
	[VERDICT_ACCEPTED] = "accepted",
	[VERDICT_DIRECTION] = "direction",
	[VERDICT_LOOPBACK] = "loopback",
	[VERDICT_DUPLICATE] = "duplicate",
	[VERDICT_NOT_IP] = "not-ip",
	[VERDICT_MALFORMED] = "malformed",
	[VERDICT_PROTOCOL] = "protocol",
	[VERDICT_HOST] = "host",
	[VERDICT_PORT] = "port",
	[VERDICT_TCP_FLAGS] = "tcp-flags",
	[VERDICT_OWN_SESSION] = "own-session",
	[VERDICT_EXPRESSION] = "expression",
	[VERDICT_PROCESS] = "process",
	[VERDICT_TCP_EVENT] = "tcp-event",
	[VERDICT_SAMPLE] = "sample",
	[VERDICT_FLOW_LIMIT] = "flow-limit",
};

const char *verdict_name(enum verdict verdict)
{
	return names[verdict];
}
