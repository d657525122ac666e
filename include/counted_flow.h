/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_COUNTED_FLOW_H
#define BPFSNIFF_COUNTED_FLOW_H

#include "flow_totals.h"

/* Why a flow is told. */
enum flow_end {
	FLOW_GOES_ON, /* it has not ended */
	FLOW_FIN,     /* both ends have closed the connection */
	FLOW_RESET,
	FLOW_IDLE,
	FLOW_ACTIVE,  /* it goes on, and has lasted so long that it is told in between */
	FLOW_STOPPED, /* the sniffer stops, or the file ends */
};

struct flow_owner;

/* A flow, and what was counted of it. Times are those of time_unsigned() (user/base/time_units.h), in ns; 0: not known.
 * The kernel knows the first two members only. */
struct flow_record {
	struct flow_id id;
	struct flow_totals totals;
	__u32 end;            /* enum flow_end */
	__u32 period;         /* of the table, when its last packet was added */
	__u64 recent_bytes;   /* that were added in that period */
	__u64 previous_bytes; /* in the one before it */
	union {
		struct flow_owner *owner; /* held; NULL: not known */
		__u64 owner_room;
	};
};

_Static_assert(sizeof(struct flow_record) == 168, "flow_record has no holes");

#endif
