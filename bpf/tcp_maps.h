/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_TCP_MAPS_H
#define BPFSNIFF_BPF_TCP_MAPS_H

#include "maps.h"

#include "dissect_skb.h"
#include "flow_maps.h"
#include "tcp_filter.h"

/* What include/tcp_filter.h asks for: the state of connections. */

static const struct tcp_connection no_connection;

/*
 * Nothing locks the connection: socket filters cannot. Where two CPUs judge its two directions at the same moment, each
 * writes its own side, but for what an ACK says of the other.
 */
ALWAYS_INLINE struct tcp_connection *tcp_connection_of(void *state, const struct flow_id *id)
{
	struct tcp_connection *connection = bpf_map_lookup_elem(&bs_connections, id);
	struct per_cpu *cpu = state;

	if (connection)
		return connection;
	if (bpf_map_update_elem(&bs_connections, id, &no_connection, BPF_NOEXIST) != -EEXIST)
		cpu->counters.connections_added++;
	return bpf_map_lookup_elem(&bs_connections, id);
}

/* The same segment has been told of before: a run goes on, or another begins. */
ALWAYS_INLINE void tcp_tell_again(struct tcp_told *told, const struct tcp_told *news)
{
	const struct tcp_told_run *run = &news->runs[0];

	if (told->runs[0].events == run->events && told->runs[0].has_handshake == run->has_handshake &&
	    told->runs[0].sender_base == run->sender_base && told->runs[0].receiver_base == run->receiver_base) {
		told->runs[0].until = run->until;
		return;
	}
	UNROLL
	for (int i = TCP_TOLD_RUNS - 1; i > 0; i--)
		told->runs[i] = told->runs[i - 1];
	told->runs[0] = *run;
	if (run->has_handshake)
		told->handshake = news->handshake;
}

ALWAYS_INLINE void tcp_tell(void *state, const struct tcp_side *sender, const struct tcp_side *receiver,
			    struct tcp_work *work)
{
	struct tcp_told *told;

	(void)state;
	work->told_key = (struct tcp_told_key){
		.id = work->id,
		.seq = work->segment.seq,
		.ack = work->segment.ack,
		.length = work->segment.length,
		.window = work->segment.window,
		.flags = work->segment.flags,
	};
	work->told = (struct tcp_told){
		.handshake = work->finding.handshake,
		.sender_scale = sender->scale,
		.runs[0] = {work->segment.time, work->segment.time, work->finding.events, !!work->finding.handshake,
			    sender->base, receiver->base},
	};
	told = bpf_map_lookup_elem(&bs_told, &work->told_key);
	if (told)
		tcp_tell_again(told, &work->told);
	else
		bpf_map_update_elem(&bs_told, &work->told_key, &work->told, BPF_ANY);
}

ALWAYS_INLINE __u64 tcp_now(void *state)
{
	(void)state;
	return bpf_ktime_get_ns();
}

ALWAYS_INLINE __u32 dissect_frame_end(struct dissect_input *input)
{
	return input->skb->len - (input->from_link ? 0 : (__u32)skb_network_offset(input->skb));
}

/* Most packets end with their frame, or before: then where the network header starts makes no difference, and takes no
 * time to find. */
ALWAYS_INLINE __u32 dissect_within_frame(struct dissect_input *input, __u32 end)
{
	const __u32 length = input->skb->len;
	__u32 frame_end;

	if (length >= ETHERNET_HEADER && end <= length - ETHERNET_HEADER)
		return end;
	frame_end = dissect_frame_end(input);
	return end < frame_end ? end : frame_end;
}

ALWAYS_INLINE __u32 dissect_interface(struct dissect_input *input)
{
	return input->skb->ifindex;
}

__noinline int skb_tcp_option(struct __sk_buff *skb, __u32 offset, __u32 end, struct tcp_segment *segment)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	return cpu && segment ? (int)tcp_option(&input, offset, end, segment) : 0;
}

ALWAYS_INLINE __u32 tcp_option_at(struct dissect_input *input, __u32 offset, __u32 end, struct tcp_segment *segment)
{
	return (__u32)skb_tcp_option(input->skb, offset, end, segment);
}

/* The steps of tcp_judge(). The verifier wants to see that none of the pointers is NULL. */
#define STEP(name)                                                          \
	__noinline int call_step_##name(TCP_STEP_PARAMETERS)                \
	{                                                                   \
		if (connection && sender && receiver && segment && finding) \
			tcp_step_##name(TCP_STEP_ARGUMENTS);                \
		return 0;                                                   \
	}

STEP(place)
STEP(bytes)
STEP(handshake)

/* The verdict of --tcp-event. match_skb() has dissected the frame, on this CPU. */
__noinline int match_tcp(struct __sk_buff *skb)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	return cpu && settings.tcp_events
		       ? (int)match_tcp_event(&settings, &input, cpu, &cpu->scratch.dissection, &cpu->scratch.tcp)
		       : VERDICT_ACCEPTED;
}

#endif
