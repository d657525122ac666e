/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OFFLINE_H
#define BPFSNIFF_OFFLINE_H

#include <stddef.h>

#include "expression_set.h"
#include "flow_key.h"
#include "frame.h"
#include "rules.h"

struct flow_table;

/* The kernel's judgement of a frame in memory: the same code, compiled from include/. */
struct offline {
	const struct rules *rules;
	struct expression_set expressions;
	struct flow_table *flows; /* NULL: nothing is kept about flows */
	struct walk walk;         /* of the frame judged last */
};

/* `expression` NULL: none. 0 or -ENOMEM. */
int offline_open(struct offline *offline, const struct rules *rules, const char *expression);

/* The verdict on a frame (enum verdict); what it was judged by stays in offline->walk. Or -EINVAL with
 * offline->expressions.error when the expression cannot be compiled for the frame's link type, or -ENOMEM. */
int offline_judge(struct offline *offline, const struct frame *frame);

/* Flows that have been forgotten for want of room. */
uint64_t offline_evicted(const struct offline *offline);

void offline_close(struct offline *offline);

#endif
