// SPDX-License-Identifier: Dual BSD/GPL
#include "maps.h"

#include "dissect_skb.h"
#include "flow_maps.h"
#include "flow_totals_maps.h"
#include "match_maps.h"
#include "tcp_maps.h"

/* Dissect a frame whose network header is IP: 0, or -1 when it takes skb_dissect(). */
ALWAYS_INLINE int dissect_ip(struct __sk_buff *skb, struct per_cpu *cpu, int is_in_place, struct dissection *dissection)
{
	struct dissect_input input = {.skb = skb, .cpu = cpu, .is_in_place = is_in_place};

	if (!is_ip(protocol_of(skb)))
		return -1;
	if (is_in_place)
		input.place = in_place_of(skb);
	dissect_frame(&input, protocol_of(skb), 0, settings.needs_transport, dissection);
	return input.needs_helper ? -1 : 0;
}

/* The verdict of the flags. */
ALWAYS_INLINE enum verdict match_skb(struct __sk_buff *skb, struct per_cpu *cpu, const void *spec, int is_in_place,
				     struct dissection *dissection)
{
	__u32 direction = skb->pkt_type == PACKET_OUTGOING ? DIRECTION_BIT_OUT : DIRECTION_BIT_IN;
	enum verdict verdict = match_frame(&settings, direction, skb->ifindex == LOOPBACK_IFINDEX);

	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	if (dissect_ip(skb, cpu, is_in_place, dissection)) {
		skb_dissect(skb);
		*dissection = cpu->scratch.dissection;
	}
	return match_flow(&settings, spec, cpu, &dissection->key);
}

/*
 * The same number by way of memory, which the verifier then takes for any number. Before, it is a different constant on
 * each path, and a loader without CAP_PERFMON may not add those to one pointer.
 */
ALWAYS_INLINE __u32 forget(struct per_cpu *cpu, enum verdict verdict)
{
	*(volatile __u32 *)&cpu->scratch.verdict = verdict;
	return *(volatile __u32 *)&cpu->scratch.verdict;
}

/* barrier_var() keeps clang from checking one copy of the number and using another, which the verifier does not follow.
 */
ALWAYS_INLINE void count(struct per_cpu *cpu, __u64 verdict)
{
	barrier_var(verdict);
	if (verdict < VERDICT_COUNT)
		cpu->counters.verdict[verdict]++;
}

/* The last check. As much of an accepted frame as is wanted is copied. */
ALWAYS_INLINE int take(struct __sk_buff *skb, struct per_cpu *cpu)
{
	__u32 verdict = settings.tcp_events ? (__u32)match_tcp(skb) : VERDICT_ACCEPTED;

	if ((settings.first || settings.sample) && verdict == VERDICT_ACCEPTED)
		verdict = (__u32)match_flow_state();
	count(cpu, verdict);
	if (settings.counts_flows && verdict == VERDICT_ACCEPTED)
		count_in_flow(skb);
	return verdict == VERDICT_ACCEPTED ? (int)settings.snaplen : 0;
}

/* What is attached to the sockets. While `bs_active` is empty it rejects, and nothing is counted. */
SEC("socket")
int dispatch(struct __sk_buff *skb)
{
	bpf_tail_call_static(skb, &bs_active, ACTIVE_ENTRY);
	return 0;
}

/* In front of the newer filter. */
SEC("socket")
int gate_new(struct __sk_buff *skb)
{
	__u32 zero = 0;
	const volatile __u32 *now = bpf_map_lookup_elem(&bs_turn, &zero);
	__u32 *noted = bpf_map_lookup_elem(&bs_noted_turn, &zero);

	if (!now || !noted)
		return 0;
	*noted = *now;
	if (*noted == generation)
		bpf_tail_call_static(skb, &bs_active, ACTIVE_MATCH);
	return 0;
}

/* In front of the older filter. */
SEC("socket")
int gate_old(struct __sk_buff *skb)
{
	__u32 zero = 0;
	const __u32 *noted = bpf_map_lookup_elem(&bs_noted_turn, &zero);

	if (noted && *noted == generation)
		bpf_tail_call_static(skb, &bs_active, ACTIVE_MATCH);
	return 0;
}

/* Read the TCP header in place for what follows connections. */
ALWAYS_INLINE void load_tcp_header(struct __sk_buff *skb, struct per_cpu *cpu, const struct dissection *dissection)
{
	struct dissect_input input = {.skb = skb, .cpu = cpu, .is_in_place = 1, .place = in_place_of(skb)};

	cpu->scratch.tcp.has_header = 0;
	if (is_ip(protocol_of(skb)))
		tcp_load_header(&input, dissection, &cpu->scratch.tcp);
}

/*
 * Read in place, a frame is dissected on the stack, and what later steps need of that is copied: between two frames the
 * scratch space leaves the cache. Otherwise there: for a loader without CAP_PERFMON, older verifiers (Linux 6.1) let a
 * word of the stack be written only as a whole.
 */
ALWAYS_INLINE int match_and_count(struct __sk_buff *skb, const void *spec, int is_in_place)
{
	struct dissection on_stack, *dissection = &on_stack;
	struct per_cpu *cpu = this_cpu();
	__u32 verdict;

	if (!cpu)
		return 0;
	cpu->counters.seen++;

	if (!is_in_place)
		dissection = &cpu->scratch.dissection;
	verdict = match_skb(skb, cpu, spec, is_in_place, dissection);
	if (!is_in_place)
		verdict = forget(cpu, verdict);
	if (verdict != VERDICT_ACCEPTED) {
		count(cpu, verdict);
		return 0;
	}
	if (settings.keeps_dissection)
		cpu->scratch.dissection = *dissection;
	if (is_in_place && filter_follows_tcp(&settings))
		load_tcp_header(skb, cpu, dissection);
	if (!settings.has_expression)
		return take(skb, cpu);
	cpu->counters.into_expression++;
	bpf_tail_call_static(skb, &bs_stages, STAGE_EXPRESSION);
	return 0;
}

/* The judgement by the flags. One of the four is loaded. */
SEC("socket")
int match(struct __sk_buff *skb)
{
	return match_and_count(skb, without_hosts, 0);
}

SEC("socket")
int match_hosts(struct __sk_buff *skb)
{
	return match_and_count(skb, with_hosts, 0);
}

SEC("socket")
int match_in_place(struct __sk_buff *skb)
{
	return match_and_count(skb, without_hosts, 1);
}

SEC("socket")
int hosts_in_place(struct __sk_buff *skb)
{
	return match_and_count(skb, with_hosts, 1);
}

/* What the expression jumps to when it holds, and the choice of processes. */
SEC("socket")
int accept(struct __sk_buff *skb)
{
	struct per_cpu *cpu = this_cpu();

	if (!cpu)
		return 0;
	cpu->counters.out_of_expression++;
	return take(skb, cpu);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
