// SPDX-License-Identifier: Dual BSD/GPL
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "judge.h"

enum {
	LOOPBACK_IFINDEX = 1, /* in every network namespace (drivers/net/loopback.c) */
	PACKET_OUTGOING = 4,  /* <linux/if_packet.h> */
	ETHERNET_TYPE = 12,   /* where an Ethernet header has its ethertype */
	ETHERNET_LENGTH = 14,
};

const volatile struct filter_config settings;

/* The lists that a port is in; bits of enum list. */
const volatile __u8 lists_of_port[PORTS];

/* The filter in force. One store here changes it for every socket that `root` is attached to. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} active SEC(".maps");

/* The later stages of this filter. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, STAGE_COUNT);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

/* What one CPU works with. Frames do not overlap on it: bottom halves are off while a tap runs (net/core/dev.c). */
struct cpu {
	struct counters counters;
	struct walk walk;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu);
} cpus SEC(".maps");

/* User space lays the whole table out and writes it through a mapping. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, 1 << 10 /* BPF_F_MMAPABLE */);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct prefix_slot);
} prefixes SEC(".maps");

/*
 * Where a walk reads. Offsets count from the network header, which the kernel knows for every kind of device; only
 * behind VLAN tags that are still in the bytes does its place depend on who sent the frame (packet_parse_headers() in
 * net/packet/af_packet.c moves it), so there they count from the link-level header.
 */
struct walk_input {
	struct __sk_buff *skb;
	int from_link;
};

static __always_inline __u16 protocol_of(const struct __sk_buff *skb)
{
	return WALK_SWAP16((__u16)skb->protocol);
}

static __always_inline struct walk_input input_of(struct __sk_buff *skb)
{
	__u16 protocol = protocol_of(skb);

	return (struct walk_input){
		.skb = skb,
		.from_link = protocol == ETHERTYPE_VLAN || protocol == ETHERTYPE_SERVICE_VLAN,
	};
}

static __always_inline struct cpu *this_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&cpus, &zero);
}

/*
 * bpf_skb_load_bytes_relative() reads the linear part only. A packet socket that sends a jumbo frame leaves just the
 * link-level header in it (packet_alloc_skb() in net/packet/af_packet.c): then count from the start of the frame, which
 * is an Ethernet header if the type in it is the one that the kernel noted, and the IP header otherwise.
 */
static __noinline int load_nonlinear(struct __sk_buff *skb, __u32 offset, void *to, __u32 length)
{
	__u16 ethertype;

	if (!bpf_skb_load_bytes(skb, ETHERNET_TYPE, &ethertype, sizeof(ethertype)) && ethertype == skb->protocol)
		offset += ETHERNET_LENGTH;
	return (int)bpf_skb_load_bytes(skb, offset, to, length);
}

static __always_inline int walk_load(struct walk_input *input, __u32 offset, void *to, __u32 length)
{
	if (input->from_link)
		return (int)bpf_skb_load_bytes(input->skb, offset, to, length);
	if (!bpf_skb_load_bytes_relative(input->skb, offset, to, length, BPF_HDR_START_NET))
		return 0;
	return load_nonlinear(input->skb, offset, to, length);
}

/* Global functions: the verifier looks at each once, by itself, and not once for every path that leads to it. */
__noinline int skb_follow_tag(struct __sk_buff *skb, __u32 ethertype)
{
	struct walk_input input = input_of(skb);
	struct cpu *cpu = this_cpu();

	return cpu ? walk_tag(&input, &cpu->walk, (__u16)ethertype) : 0;
}

__noinline int skb_follow_extension(struct __sk_buff *skb, __u32 protocol)
{
	struct walk_input input = input_of(skb);
	struct cpu *cpu = this_cpu();

	return cpu ? walk_extension(&input, &cpu->walk, (__u8)protocol) : -1;
}

__noinline int probe(__u64 first, __u64 second, __u32 bits, __u32 mask)
{
	return (int)prefix_probe(0, first, second, bits, mask);
}

static __always_inline __u16 follow_tag(struct walk_input *input, struct walk *walk, __u16 ethertype)
{
	(void)walk;
	return (__u16)skb_follow_tag(input->skb, ethertype);
}

static __always_inline int follow_extension(struct walk_input *input, struct walk *walk, __u8 protocol)
{
	(void)walk;
	return skb_follow_extension(input->skb, protocol);
}

static __always_inline __u32 prefix_find(const void *rules, __u64 first, __u64 second, __u32 bits, __u32 mask)
{
	(void)rules;
	return (__u32)probe(first, second, bits, mask);
}

static __always_inline const struct prefix_slot *prefix_slot_at(const void *rules, __u32 index)
{
	(void)rules;
	return bpf_map_lookup_elem(&prefixes, &index);
}

static __always_inline __u32 port_lists(const void *rules, __u16 port)
{
	(void)rules;
	return lists_of_port[port];
}

/*
 * The verdict of the flags. Global also because its result is then any number to the verifier: an inlined one is a
 * constant on each path, and adding those to one pointer is prohibited to a loader without CAP_PERFMON.
 */
__noinline int judge(struct __sk_buff *skb)
{
	__u32 direction = skb->pkt_type == PACKET_OUTGOING ? DIRECTION_BIT_OUT : DIRECTION_BIT_IN;
	enum verdict verdict = judge_frame(&settings, direction, skb->ifindex == LOOPBACK_IFINDEX);
	struct walk_input input = input_of(skb);
	struct cpu *cpu = this_cpu();

	if (verdict != VERDICT_ACCEPTED || !cpu)
		return (int)verdict;
	walk_frame(&input, protocol_of(skb), input.from_link ? ETHERNET_LENGTH : 0, judge_needs_transport(&settings),
		   &cpu->walk);
	return (int)judge_flow(&settings, 0, &cpu->walk.key);
}

/* Count the frame as accepted and have it copied, as much of it as is wanted. */
static __always_inline int take(struct counters *counters)
{
	counters->verdict[VERDICT_ACCEPTED]++;
	return (int)settings.snaplen;
}

/* What is attached to the sockets. It stays; while `active` is empty it rejects, and nothing is counted. */
SEC("socket")
int root(struct __sk_buff *skb)
{
	bpf_tail_call_static(skb, &active, 0);
	return 0;
}

SEC("socket")
int match(struct __sk_buff *skb)
{
	__u32 verdict = (__u32)judge(skb);
	struct cpu *cpu = this_cpu();

	if (!cpu || verdict >= VERDICT_COUNT)
		return 0;
	if (verdict != VERDICT_ACCEPTED) {
		cpu->counters.verdict[verdict]++;
		return 0;
	}
	if (!settings.has_expression)
		return take(&cpu->counters);
	cpu->counters.into_expression++;
	bpf_tail_call_static(skb, &stages, STAGE_EXPRESSION);
	return 0;
}

/* Where the expression jumps to when it holds. */
SEC("socket")
int accept(struct __sk_buff *skb)
{
	struct cpu *cpu = this_cpu();

	(void)skb;
	if (!cpu)
		return 0;
	cpu->counters.out_of_expression++;
	return take(&cpu->counters);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
