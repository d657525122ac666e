// SPDX-License-Identifier: Dual BSD/GPL
/*
 * The stage of the filter that chooses by process: --process and its like. It rejects what is known to be of other
 * processes. Everything else passes: user space decides, when more is known (user/owner/).
 */
#include "choice_sockets.h"
#include "stage_maps.h"

#include "protocols.h"
#include "tcp_connection.h"

const volatile __u64 netns; /* the cookie of the packets' network namespace */
const volatile __u32 generation;

/* One end of a packet. */
struct end {
	struct owner_flow_key key; /* this end is the local one */
	int sends;
	int begins;  /* it receives the first segment of a connection */
	int is_here; /* on this machine, as far as the device tells */
};

/* A datagram to a group may be for this machine too, whatever device it leaves by, and for every socket on the port. */
ALWAYS_INLINE int is_for_group(const __u64 address[2])
{
	const __u8 *bytes = (const __u8 *)address;

	if (!address[0] && (__u32)address[1] == MAPPED_PREFIX)
		return bytes[12] >> 4 == 0xe || address[1] >> 32 == 0xffffffff; /* RFC 5771, RFC 919 */
	return bytes[0] == 0xff;                                                /* RFC 4291, 2.7 */
}

/* Who may receive on the port: a socket at the address rather than one at any (udp4_lib_lookup2(),
 * inet_lookup_listener()). */
ALWAYS_INLINE enum found find_by_port(struct kept *kept, const struct owner_flow_key *flow, __u64 where)
{
	struct owner_port_key key = {.netns = where,
				     .local = {flow->local[0], flow->local[1]},
				     .port = flow->local_port,
				     .protocol = flow->protocol};
	int is_ipv4 = !key.local[0] && (__u32)key.local[1] == MAPPED_PREFIX, is_group = is_for_group(flow->local);
	enum found found, more = FOUND_NOTHING;
	int is_taken = 0;

	follow(kept, epoch_of_port(key.port, key.protocol));
	found = (enum found)find_holders(kept, &key, &is_taken);
	if (is_ipv4 && found != FOUND_OPEN && (is_group || !is_taken)) {
		key.local[1] = MAPPED_PREFIX;
		more = (enum found)find_holders(kept, &key, &is_taken);
		found = more == FOUND_NOTHING ? found : more;
	}
	if (found != FOUND_OPEN && (is_group || !is_taken)) {
		key.local[0] = key.local[1] = 0;
		more = (enum found)find_holders(kept, &key, &is_taken);
		found = more == FOUND_NOTHING ? found : more;
	}
	return found;
}

ALWAYS_INLINE enum found find_end(struct kept *kept, const struct end *end)
{
	enum found found = FOUND_NOTHING, by_port;
	const struct owner_flow *flow;

	/* A connection that begins is not yet known, and its flow may be that of an older one. */
	flow = end->begins ? 0 : bpf_map_lookup_elem(&ow_flows, &end->key);
	if (flow && !flow->now.cookie)
		return FOUND_UNWANTED; /* the kernel's own */
	if (flow)
		found = (enum found)find_socket(kept, flow->now.cookie, end->sends, end->key.protocol != PROTOCOL_TCP);
	if (found == FOUND_OPEN || (found == FOUND_UNWANTED && (end->sends || end->key.protocol == PROTOCOL_TCP)))
		return found;
	if (end->sends)
		return end->is_here ? FOUND_OPEN : FOUND_NOTHING;
	if (!end->is_here && end->key.protocol == PROTOCOL_TCP)
		return end->begins ? FOUND_OPEN : FOUND_NOTHING;
	/* A datagram is not for the socket of the flow if another one, at the address, has been bound since; and what
	 * leaves may be for another namespace of this machine. */
	by_port = find_by_port(kept, &end->key, end->is_here ? end->key.netns : 0);
	return by_port == FOUND_NOTHING ? found : by_port;
}

/* The reader knows no process of a packet without ports. */
ALWAYS_INLINE int has_no_process(const struct flow_key *key)
{
	return !(key->flags & FLOW_HAS_ADDRESSES) || key->flags & FLOW_LATER_FRAGMENT;
}

/* What else the kernel learns, of ICMP, is left to the reader. */
ALWAYS_INLINE int has_ports(const struct flow_key *key)
{
	return (key->protocol == PROTOCOL_TCP || key->protocol == PROTOCOL_UDP) && key->flags & FLOW_HAS_PORTS;
}

ALWAYS_INLINE int begins_connection(const struct flow_key *key)
{
	return key->protocol == PROTOCOL_TCP && (key->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* Whether a packet may be of a wanted process. */
ALWAYS_INLINE int judge(struct kept *kept, const struct flow_key *key, __u32 way)
{
	const int is_loopback = !!(way & WAY_LOOPBACK), leaves = !!(way & WAY_LEAVES);
	struct end source = {.key = {.netns = netns,
				     .local = {key->source[0], key->source[1]},
				     .remote = {key->destination[0], key->destination[1]},
				     .local_port = key->source_port,
				     .remote_port = key->destination_port,
				     .protocol = key->protocol},
			     .sends = 1,
			     .is_here = leaves || is_loopback};
	struct end destination = {.key = {.netns = netns,
					  .local = {key->destination[0], key->destination[1]},
					  .remote = {key->source[0], key->source[1]},
					  .local_port = key->destination_port,
					  .remote_port = key->source_port,
					  .protocol = key->protocol},
				  .begins = begins_connection(key),
				  .is_here = !leaves || is_loopback || is_for_group(key->destination)};
	enum found of_source, of_destination;

	follow(kept, epoch_of_flow(&source.key));
	of_source = find_end(kept, &source);
	if (of_source == FOUND_OPEN)
		return 1;
	of_destination = find_end(kept, &destination);
	return of_destination == FOUND_OPEN || (of_source == FOUND_NOTHING && of_destination == FOUND_NOTHING);
}

ALWAYS_INLINE int may_pass(const struct __sk_buff *skb, const struct flow_key *key)
{
	const __u32 way = (skb->ifindex == LOOPBACK_IFINDEX ? WAY_LOOPBACK : 0) |
			  (skb->pkt_type == PACKET_OUTGOING ? WAY_LEAVES : 0);
	struct packet_id id = packet_id(key, way);
	struct kept *kept;
	int passes;

	if (has_no_process(key))
		return 0;
	kept = has_ports(key) ? place_of(&id) : 0;
	if (!kept)
		return 1;
	if (!begins_connection(key) && is_kept(kept, &id))
		return kept->may_pass;
	kept_begin(kept, &id);
	passes = judge(kept, key, way);
	if (!begins_connection(key))
		kept_end(kept, &id, passes);
	return passes;
}

SEC("socket")
int choose(struct __sk_buff *skb)
{
	const struct owner_wanted *wanted = wanted_now();
	struct per_cpu *cpu = this_cpu();

	if (!cpu)
		return 0;
	if (wanted && wanted->filter == generation + 1 && !may_pass(skb, &cpu->scratch.dissection.key)) {
		cpu->counters.out_of_expression++;
		cpu->counters.verdict[VERDICT_PROCESS]++;
		return 0;
	}
	bpf_tail_call_static(skb, &bs_stages, STAGE_CHOSEN);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
