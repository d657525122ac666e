/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_MEMORY_H
#define BPFSNIFF_FLOW_MEMORY_H

#ifndef __bpf__
#include <linux/types.h>
#endif

/* The two arrays of a table of flows (include/flow_slots.h). */
struct flow_memory {
	struct flow_record *slots; /* in place of the first, a struct flow_desk */
	struct flow_link *links;
	__u32 slot_count, link_count; /* with the first; links are no fewer */
	__u32 connection_count;       /* where the kernel counts */
};

#endif
