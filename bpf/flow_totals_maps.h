/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_FLOW_TOTALS_MAPS_H
#define BPFSNIFF_BPF_FLOW_TOTALS_MAPS_H

#include "maps.h"

#include "dissect_skb.h"
#include "flow_account.h"
#include "flow_slots.h"
#include "tcp_maps.h"

/* The flows that are counted (include/flow_slots.h). */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow_record);
} bs_flow_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow_link);
} bs_flow_links SEC(".maps");

ALWAYS_INLINE struct flow_record *flow_slot(void *state, __u32 place)
{
	(void)state;
	return bpf_map_lookup_elem(&bs_flow_slots, &place);
}

ALWAYS_INLINE struct flow_link *flow_link(void *state, __u32 index)
{
	(void)state;
	return bpf_map_lookup_elem(&bs_flow_links, &index);
}

/* The connection of a flow, as long as no other one has its place here. Those that go on matter, so there may be fewer
 * than flows. */
struct flow_connection {
	struct tcp_connection connection;
	__u64 place; /* of the flow; 0: none */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow_connection);
} bs_flow_connections SEC(".maps");

ALWAYS_INLINE struct flow_desk *flow_desk(void)
{
	return (struct flow_desk *)flow_slot(0, 0);
}

ALWAYS_INLINE struct flow_connection *flow_connection(const struct flow_desk *desk, __u32 place)
{
	__u32 index = place;

	if (place >= desk->connection_count && desk->connection_count)
		index = place % desk->connection_count;
	return bpf_map_lookup_elem(&bs_flow_connections, &index);
}

/* --tcp-event has its own. */
ALWAYS_INLINE struct tcp_connection *counted_connection(struct per_cpu *cpu, __u32 place)
{
	const struct flow_desk *desk = flow_desk();
	struct flow_connection *connection;

	if (settings.tcp_events)
		return tcp_connection_of(cpu, &cpu->scratch.flow.id);
	connection = desk ? flow_connection(desk, place) : 0;
	if (!connection)
		return 0;
	if (connection->place != place) {
		connection->connection = no_connection;
		connection->place = place;
	}
	return &connection->connection;
}

/* match_skb() has dissected the frame, on this CPU; so for the next two. */
__noinline int follow_counted_tcp(struct __sk_buff *skb, __u32 place)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);
	const struct flow_desk *desk = flow_desk();
	struct tcp_connection *connection;
	__u64 now;

	if (!cpu || !desk || !settings.counts_flows)
		return 0;
	now = cpu->scratch.flow.time - desk->clock_offset;
	if (flow_read_segment(&settings, &input, &cpu->scratch.dissection, now, &cpu->scratch.tcp))
		return 0;
	connection = counted_connection(cpu, place);
	if (connection)
		flow_follow_tcp(&settings, connection, &cpu->scratch.tcp, &cpu->scratch.flow);
	return 0;
}

/* The place of the flow that begins, and takes over what is known of the connection of an older one, if that is not 0.
 * 0: there is no room. */
__noinline int begin_flow(__u32 older)
{
	struct flow_connection *connection, *known;
	struct flow_desk *desk = flow_desk();
	struct per_cpu *cpu = this_cpu();
	__u32 place;

	if (!cpu || !desk || !settings.counts_flows)
		return 0;
	place = flow_enter(0, desk, flow_hash_of(desk, &cpu->scratch.flow.id), &cpu->scratch.flow);
	connection = flow_connection(desk, place);
	known = flow_connection(desk, older);
	if (!connection || !known)
		return (int)place;
	if (older && known->place == older) {
		connection->connection = known->connection;
		connection->place = place;
	} else if (connection->place == place) {
		connection->place = 0;
	}
	return (int)place;
}

/* The flow of the packet, and its place; 0: there is no room. */
ALWAYS_INLINE __u32 place_of(const struct per_cpu *cpu, const struct flow_desk *desk, struct flow_record **record)
{
	const struct flow_packet *packet = &cpu->scratch.flow;
	const struct flow_link *link = flow_link(0, flow_hash_of(desk, &packet->id));
	__u32 place;

	if (!link)
		return 0;
	place = flow_find(0, (__u32)link->head, &packet->id, record);
	if (place && *record && flow_continues(&(*record)->totals, packet, desk->idle_ns))
		return place;
	place = (__u32)begin_flow(place);
	*record = place ? flow_slot(0, place) : 0;
	return place;
}

/* Count an accepted frame. */
__noinline int count_in_flow(struct __sk_buff *skb)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);
	const struct flow_desk *desk = flow_desk();
	struct flow_record *record = 0;
	__u32 place;

	if (!cpu || !desk || !settings.counts_flows)
		return 0;
	flow_describe(&input, cpu, &cpu->scratch.dissection, &cpu->scratch.flow);
	cpu->counters.accepted_bytes += cpu->scratch.flow.bytes;
	cpu->scratch.flow.time += desk->clock_offset;
	place = place_of(cpu, desk, &record);
	if (!record) {
		cpu->counters.unplaced_packets++;
		cpu->counters.unplaced_bytes += cpu->scratch.flow.bytes;
		return 0;
	}
	if (cpu->scratch.dissection.key.flags & FLOW_HAS_TCP_FLAGS)
		follow_counted_tcp(skb, place);
	flow_add(&record->totals, &cpu->scratch.flow);
	return 0;
}

#endif
