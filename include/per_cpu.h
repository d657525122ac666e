/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PER_CPU_H
#define BPFSNIFF_PER_CPU_H

#include "flow_id.h"
#include "flow_key.h"
#include "flow_totals.h"
#include "tcp_work.h"

/* What the judgement of one frame leaves for the next step. */
struct scratch {
	struct dissection dissection;
	struct flow_ids ids;
	struct tcp_work tcp;
	struct flow_packet flow;
	__u8 loaded[8]; /* bytes of the frame */
	__u32 verdict;
	__u32 padding;
};

/* What one CPU works with. Frames do not overlap on it: bottom halves are off while a tap runs (net/core/dev.c). User
 * space reads the counters; the scratch space is the programs' own. */
struct per_cpu {
	struct counters counters;
	struct scratch scratch;
};

#endif
