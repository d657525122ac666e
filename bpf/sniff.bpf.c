// SPDX-License-Identifier: Dual BSD/GPL
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "cpu.h"
#include "flow.h"
#include "judge.h"

enum {
	LOOPBACK_IFINDEX = 1, /* in every network namespace (drivers/net/loopback.c) */
	PACKET_OUTGOING = 4,  /* <linux/if_packet.h> */
	ETHERNET_TYPE = 12,   /* where an Ethernet header has its ethertype */
	ETHERNET_LENGTH = 14,

	EEXIST = 17, /* <asm-generic/errno-base.h> */

	/* <linux/bpf.h> */
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_F_MMAPABLE = 1 << 10,
};

const volatile struct filter_config settings;

/* The lists that a port is in; bits of enum list. */
const volatile __u8 lists_of_port[PORTS];

/* Counts up with every change of a running sniffer's filter. */
const volatile __u32 generation;

/* Where `root` goes on. One store here changes that for every socket that it is attached to. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, ACTIVE_COUNT);
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

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu);
} cpus SEC(".maps");

/*
 * While a filter takes the place of another, both have sockets on the same devices and a frame comes to both, one after
 * the other on one CPU: to the newer first (dev_add_pack() in net/core/dev.c adds at the head). The newer notes for the
 * older whose turn it was, so that exactly one of them judges the frame, even if the turn passes on in between.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} turn SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} noted_turn SEC(".maps");

/* User space lays the whole table out and writes it through a mapping. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct prefix_slot);
} prefixes SEC(".maps");

/* The Bloom filter in front of it, written likewise. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} bloom SEC(".maps");

/* How many packets of a flow have passed, for --first. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct flow_id);
	__type(value, __u64);
} flows SEC(".maps");

/* The ports of datagrams that come in fragments, for --first and --sample. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct datagram_id);
	__type(value, struct datagram_ports);
} datagrams SEC(".maps");

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
 * is an Ethernet header if it has the type that the kernel noted, or a length where the kernel noted a small number of
 * its own (eth_type_trans() in net/ethernet/eth.c), and the IP header otherwise.
 */
static __noinline int load_nonlinear(struct __sk_buff *skb, __u32 offset, void *to, __u32 length)
{
	__u16 ethertype;

	if (!bpf_skb_load_bytes(skb, ETHERNET_TYPE, &ethertype, sizeof(ethertype)) &&
	    (ethertype == skb->protocol || protocol_of(skb) <= ETHERTYPE_LLC_MAX))
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

static __always_inline __u16 follow_tag(struct walk_input *input, struct walk *walk, __u16 ethertype)
{
	(void)walk;
	return (__u16)skb_follow_tag(input->skb, ethertype);
}

__noinline int skb_follow_tags(struct __sk_buff *skb)
{
	struct walk_input input = input_of(skb);
	struct cpu *cpu = this_cpu();

	return cpu ? walk_tags(&input, &cpu->walk, protocol_of(skb)) : 0;
}

static __always_inline __u16 follow_tags(struct walk_input *input, struct walk *walk, __u16 ethertype)
{
	(void)walk;
	(void)ethertype;
	return (__u16)skb_follow_tags(input->skb);
}

__noinline int skb_follow_extension(struct __sk_buff *skb, __u32 protocol)
{
	struct walk_input input = input_of(skb);
	struct cpu *cpu = this_cpu();

	return cpu ? walk_extension(&input, &cpu->walk, (__u8)protocol) : -1;
}

static __always_inline int follow_extension(struct walk_input *input, struct walk *walk, __u8 protocol)
{
	(void)walk;
	return skb_follow_extension(input->skb, protocol);
}

__noinline int skb_follow_extensions(struct __sk_buff *skb, __u32 protocol)
{
	struct walk_input input = input_of(skb);
	struct cpu *cpu = this_cpu();

	if (cpu)
		walk_extensions(&input, &cpu->walk, (__u8)protocol);
	return 0;
}

static __always_inline void follow_extensions(struct walk_input *input, struct walk *walk, __u8 protocol)
{
	(void)walk;
	skb_follow_extensions(input->skb, protocol);
}

/* What is not IP at once; in a function of its own, so that most frames need not ask what their offsets count from. */
__noinline int skb_walk(struct __sk_buff *skb)
{
	struct walk_input input = input_of(skb);
	struct cpu *cpu = this_cpu();

	if (cpu)
		walk_frame(&input, protocol_of(skb), input.from_link ? ETHERNET_LENGTH : 0,
			   judge_needs_transport(&settings), &cpu->walk);
	return 0;
}

__noinline int look(__u64 first, __u64 second, __u32 bits, __u32 index)
{
	return prefix_look(0, first, second, bits, index);
}

static __always_inline int prefix_look_at(const void *rules, __u64 first, __u64 second, __u32 bits, __u32 index)
{
	(void)rules;
	return look(first, second, bits, index);
}

__noinline int probe(__u64 first, __u64 second, __u32 bits, __u32 mask)
{
	return (int)prefix_probe(0, first, second, bits, mask);
}

static __always_inline __u32 prefix_find(const void *rules, __u64 first, __u64 second, __u32 bits, __u32 mask)
{
	(void)rules;
	return (__u32)probe(first, second, bits, mask);
}

static __always_inline __u64 prefix_bloom_at(const void *rules, __u32 index)
{
	const __u64 *word = bpf_map_lookup_elem(&bloom, &index);

	(void)rules;
	return word ? *word : 0;
}

/* Of the frame that this CPU looks at. */
__noinline int find_address_pair(void)
{
	const struct cpu *cpu = this_cpu();

	return cpu ? (int)address_pair_lists(&settings, 0, &cpu->walk.key) : 0;
}

/*
 * In the kernel the rules are maps; what the judgement hands through in their place tells, when this is compiled, which
 * program it is in. The look-up of addresses is nine tenths of the code, and a program that has it takes 4 ms longer to
 * load: `match` goes without.
 */
static const void *const without_hosts = (const void *)0, *const with_hosts = (const void *)1;

static __always_inline __u32 address_pair_find(const volatile struct filter_config *config, const void *rules,
					       const struct flow_key *key)
{
	(void)config;
	(void)key;
	return rules == with_hosts ? (__u32)find_address_pair() : 0;
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

/* The verdict of the flags. */
static __always_inline enum verdict judge(struct __sk_buff *skb, struct cpu *cpu, const void *rules)
{
	__u32 direction = skb->pkt_type == PACKET_OUTGOING ? DIRECTION_BIT_OUT : DIRECTION_BIT_IN;
	enum verdict verdict = judge_frame(&settings, direction, skb->ifindex == LOOPBACK_IFINDEX);
	struct walk_input input = {.skb = skb};

	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	if (is_ip(protocol_of(skb)))
		walk_frame(&input, protocol_of(skb), 0, judge_needs_transport(&settings), &cpu->walk);
	else
		skb_walk(skb);
	return judge_flow(&settings, rules, &cpu->walk.key);
}

static __always_inline void datagram_remember(void *state, const struct datagram_id *id,
					      const struct datagram_ports *ports)
{
	(void)state;
	bpf_map_update_elem(&datagrams, id, ports, BPF_ANY);
}

static __always_inline int datagram_recall(void *state, const struct datagram_id *id, struct datagram_ports *ports)
{
	const struct datagram_ports *known = bpf_map_lookup_elem(&datagrams, id);

	(void)state;
	if (!known)
		return -1;
	*ports = *known;
	return 0;
}

/* Another CPU may add the flow at the same moment: one of the two adds it, both count. One that finds no room counts as
 * added, and so as forgotten. */
static __always_inline __u64 flow_count(void *state, const struct flow_id *id)
{
	struct cpu *cpu = state;
	__u64 *count = bpf_map_lookup_elem(&flows, id);

	if (!count) {
		const __u64 none = 0;

		if (bpf_map_update_elem(&flows, id, &none, BPF_NOEXIST) != -EEXIST)
			cpu->counters.flows_added++;
		count = bpf_map_lookup_elem(&flows, id);
	}
	return count ? __sync_fetch_and_add(count, 1) + 1 : 1;
}

/* The verdict of what is kept about flows. The headers have been walked by judge(), on this CPU. */
__noinline int judge_flow_state(void)
{
	struct cpu *cpu = this_cpu();

	return cpu ? (int)judge_state(&settings, cpu, &cpu->ids, &cpu->walk.key) : VERDICT_ACCEPTED;
}

/*
 * The same number, by way of memory: to the verifier it is then any. Before, it is another constant on each path, and
 * adding those to one pointer is prohibited to a loader without CAP_PERFMON.
 */
static __always_inline __u32 forget(struct cpu *cpu, enum verdict verdict)
{
	*(volatile __u32 *)&cpu->verdict = verdict;
	return *(volatile __u32 *)&cpu->verdict;
}

/* barrier_var() keeps clang from checking one copy of the number and using another, which the verifier does not follow.
 */
static __always_inline void count(struct cpu *cpu, __u64 verdict)
{
	barrier_var(verdict);
	if (verdict < VERDICT_COUNT)
		cpu->counters.verdict[verdict]++;
}

/* The last question. A frame that is accepted is copied, as much of it as is wanted. */
static __always_inline int take(struct cpu *cpu)
{
	__u32 verdict = settings.first || settings.sample ? (__u32)judge_flow_state() : VERDICT_ACCEPTED;

	count(cpu, verdict);
	return verdict == VERDICT_ACCEPTED ? (int)settings.snaplen : 0;
}

/* What is attached to the sockets. While `active` is empty it rejects, and nothing is counted. */
SEC("socket")
int root(struct __sk_buff *skb)
{
	bpf_tail_call_static(skb, &active, ACTIVE_ENTRY);
	return 0;
}

/* In front of the newer filter. */
SEC("socket")
int entering(struct __sk_buff *skb)
{
	__u32 zero = 0;
	const volatile __u32 *now = bpf_map_lookup_elem(&turn, &zero);
	__u32 *noted = bpf_map_lookup_elem(&noted_turn, &zero);

	if (!now || !noted)
		return 0;
	*noted = *now;
	if (*noted == generation)
		bpf_tail_call_static(skb, &active, ACTIVE_MATCH);
	return 0;
}

/* In front of the older filter. */
SEC("socket")
int leaving(struct __sk_buff *skb)
{
	__u32 zero = 0;
	const __u32 *noted = bpf_map_lookup_elem(&noted_turn, &zero);

	if (noted && *noted == generation)
		bpf_tail_call_static(skb, &active, ACTIVE_MATCH);
	return 0;
}

static __always_inline int judge_and_count(struct __sk_buff *skb, const void *rules)
{
	struct cpu *cpu = this_cpu();
	__u32 verdict;

	if (!cpu)
		return 0;
	verdict = forget(cpu, judge(skb, cpu, rules));
	if (verdict != VERDICT_ACCEPTED) {
		count(cpu, verdict);
		return 0;
	}
	if (!settings.has_expression)
		return take(cpu);
	cpu->counters.into_expression++;
	bpf_tail_call_static(skb, &stages, STAGE_EXPRESSION);
	return 0;
}

/* The judgement by the flags: one of the two is loaded. */
SEC("socket")
int match(struct __sk_buff *skb)
{
	return judge_and_count(skb, without_hosts);
}

SEC("socket")
int match_hosts(struct __sk_buff *skb)
{
	return judge_and_count(skb, with_hosts);
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
	return take(cpu);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
