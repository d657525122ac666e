/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_OWNER_H
#define BPFSNIFF_FLOW_OWNER_H

#include "packet/packet_owner.h"

/* The processes at the ends of a flow, as long as somebody holds what is known of them. */
struct flow_owner {
	uint32_t holders;
	uint32_t looks;           /* how often it was looked for them */
	struct end_owner ends[2]; /* low, high; their strings are in `texts` */
	char *texts[2];
};

/* Whether another look would tell nothing better. NULL: nobody has looked yet. */
bool flow_owner_is_settled(const struct flow_owner *owner);

/* Take what a look has found, where it is better than what is known; *owner is NULL at first, and stays so without
 * memory. */
void flow_owner_take(struct flow_owner **owner, const struct packet_owner *found, bool source_is_high);

/* Hold it once more, or once less: the last one frees it. Both take NULL; the first returns its argument. */
struct flow_owner *flow_owner_hold(struct flow_owner *owner);
void flow_owner_release(struct flow_owner *owner);

#endif
