/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_PER_CPU_H
#define BPFSNIFF_PER_CPU_H

#include "flow_id.h"
#include "flow_key.h"

/* What one CPU works with. Frames do not overlap on it: bottom halves are off while a tap runs (net/core/dev.c). */
struct per_cpu {
	struct counters counters;
	struct dissection dissection;
	struct flow_ids ids;
	__u32 verdict;
	__u32 padding;
};

#endif
