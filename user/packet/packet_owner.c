/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet/packet_owner.h"

const char *owner_how_name(enum owner_how how)
{
	static const char *const names[] = {
		[OWNER_UNKNOWN] = "unknown",   [OWNER_EXACT] = "exact",   [OWNER_FLOW] = "flow",
		[OWNER_ACCEPTED] = "accepted", [OWNER_BOUND] = "bound",   [OWNER_SEVERAL] = "several",
		[OWNER_KERNEL] = "kernel",     [OWNER_SENDER] = "sender",
	};

	return names[how];
}
