/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_FLOW_MAPS_H
#define BPFSNIFF_BPF_FLOW_MAPS_H

#include "maps.h"

#include "datagram.h"
#include "flow.h"

/* What include/flow.h and include/datagram.h ask for: the state of flows, and of datagrams in fragments. */

enum { EEXIST = 17 }; /* <asm-generic/errno-base.h> */

ALWAYS_INLINE void datagram_remember(void *state, const struct datagram_id *id, const struct datagram_ports *ports)
{
	(void)state;
	bpf_map_update_elem(&bs_datagrams, id, ports, BPF_ANY);
}

ALWAYS_INLINE int datagram_recall(void *state, const struct datagram_id *id, struct datagram_ports *ports)
{
	const struct datagram_ports *known = bpf_map_lookup_elem(&bs_datagrams, id);

	(void)state;
	if (!known)
		return -1;
	*ports = *known;
	return 0;
}

/* match_skb() has dissected the frame, on this CPU. Fragments are rare: this is no part of the way of the others. */
__noinline int join_datagram(void)
{
	struct per_cpu *cpu = this_cpu();

	if (cpu)
		datagram_join(cpu, &cpu->scratch.ids, &cpu->scratch.dissection.key);
	return 0;
}

ALWAYS_INLINE void follow_datagram(void *state, struct flow_key *key)
{
	struct per_cpu *cpu = state;

	cpu->scratch.dissection.key = *key;
	join_datagram();
	*key = cpu->scratch.dissection.key;
}

/* Another CPU may add the flow at the same moment: one of the two adds it, both count. A flow that finds no room counts
 * as added, and so as evicted. */
ALWAYS_INLINE __u64 flow_count(void *state, const struct flow_id *id)
{
	struct per_cpu *cpu = state;
	__u64 *count = bpf_map_lookup_elem(&bs_flows, id);

	if (!count) {
		const __u64 none = 0;

		if (bpf_map_update_elem(&bs_flows, id, &none, BPF_NOEXIST) != -EEXIST)
			cpu->counters.flows_added++;
		count = bpf_map_lookup_elem(&bs_flows, id);
	}
	return count ? __sync_fetch_and_add(count, 1) + 1 : 1;
}

/* The verdict of the state of flows. match_skb() has dissected the frame, on this CPU. */
__noinline int match_flow_state(void)
{
	struct per_cpu *cpu = this_cpu();

	return cpu ? (int)match_state(&settings, cpu, &cpu->scratch.ids, &cpu->scratch.dissection.key)
		   : VERDICT_ACCEPTED;
}

#endif
