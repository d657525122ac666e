/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_FLOW_TOTALS_MAPS_H
#define BPFSNIFF_BPF_FLOW_TOTALS_MAPS_H

#include "maps.h"

#include "dissect_skb.h"
#include "flow_account.h"
#include "flow_add.h"
#include "tcp_maps.h"

/*
 * What is counted of flows since user space read it last. There are two maps, of which one is in the slot: user space
 * puts the other in its place, waits until no program works with the first any more (maybe_wait_bpf_programs() in
 * kernel/bpf/syscall.c), and reads and empties it. So no packet is counted twice or not at all.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(
		values, struct {
			__uint(type, BPF_MAP_TYPE_HASH);
			__uint(max_entries, 1);
			__type(key, struct flow_id);
			__type(value, struct flow_totals);
		});
} bs_totals SEC(".maps");

/* match_skb() has dissected the frame, on this CPU; so for the next two. */
__noinline int follow_counted_tcp(struct __sk_buff *skb)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	if (cpu && settings.counts_flows)
		flow_follow_tcp(&settings, &input, cpu, &cpu->scratch.dissection, &cpu->scratch.tcp,
				&cpu->scratch.flow);
	return 0;
}

/* Another CPU may add the flow at the same moment: one of the two adds it, both count. NULL: there is no room. */
ALWAYS_INLINE struct flow_totals *totals_of(struct per_cpu *cpu, void *map)
{
	struct flow_totals *totals = bpf_map_lookup_elem(map, &cpu->scratch.flow.id);

	if (totals)
		return totals;
	cpu->scratch.fresh = (struct flow_totals){0};
	flow_begin(&cpu->scratch.fresh, &cpu->scratch.flow);
	bpf_map_update_elem(map, &cpu->scratch.flow.id, &cpu->scratch.fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, &cpu->scratch.flow.id);
}

__noinline int add_to_flow(void)
{
	struct per_cpu *cpu = this_cpu();
	struct flow_totals *totals = 0;
	__u32 zero = 0;
	void *map;

	if (!cpu || !settings.counts_flows)
		return 0;
	map = bpf_map_lookup_elem(&bs_totals, &zero);
	if (map)
		totals = totals_of(cpu, map);
	if (totals) {
		flow_add(totals, &cpu->scratch.flow);
		return 0;
	}
	cpu->counters.unplaced_packets++;
	cpu->counters.unplaced_bytes += cpu->scratch.flow.bytes;
	return 0;
}

/* Count an accepted frame. */
__noinline int count_in_flow(struct __sk_buff *skb)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	if (!cpu || !settings.counts_flows)
		return 0;
	flow_describe(&input, cpu, &cpu->scratch.dissection, &cpu->scratch.flow);
	cpu->counters.accepted_bytes += cpu->scratch.flow.bytes;
	if (cpu->scratch.dissection.key.flags & FLOW_HAS_TCP_FLAGS)
		follow_counted_tcp(skb);
	add_to_flow();
	return 0;
}

#endif
