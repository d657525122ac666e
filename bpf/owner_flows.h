/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_FLOWS_H
#define BPFSNIFF_OWNER_FLOWS_H

#include "owner_epochs.h"
#include "owner_maps.h"

/* From packets and sockets to the keys of `ow_flows` and `ow_ports`. */

enum {
	AF_INET = 2,
	AF_INET6 = 10,
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	IP_ICMP = 1,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_ICMPV6 = 58,
};

ALWAYS_INLINE void map_ipv4(__u64 address[2], __be32 ipv4)
{
	address[0] = 0;
	address[1] = (__u64)MAPPED_PREFIX | (__u64)ipv4 << 32;
}

ALWAYS_INLINE void take_ipv6(__u64 address[2], const __u32 word[4])
{
	address[0] = (__u64)word[0] | (__u64)word[1] << 32;
	address[1] = (__u64)word[2] | (__u64)word[3] << 32;
}

struct ipv4_start {
	__u8 version, tos;
	__be16 length, id, fragment;
	__u8 ttl, protocol;
	__be16 checksum;
	__be32 source, destination;
};

struct ipv6_start {
	__u32 flow;
	__be16 length;
	__u8 next, hops;
	__u32 source[4], destination[4];
};

struct icmp_start {
	__u8 type, code;
	__be16 checksum, id;
	__be16 sequence;
};

/* The part that an ICMP message takes in an echo, as seen by its sender. */
ALWAYS_INLINE enum owner_echo echo_of(__u32 protocol, __u8 type)
{
	if (protocol == IP_ICMP)
		return type == 8 ? OWNER_ECHO_ASKS : type == 0 ? OWNER_ECHO_ANSWERS : OWNER_ECHO_NONE;
	return type == 128 ? OWNER_ECHO_ASKS : type == 129 ? OWNER_ECHO_ANSWERS : OWNER_ECHO_NONE;
}

ALWAYS_INLINE bool take_ports(struct owner_flow_key *key, const unsigned char *transport)
{
	struct icmp_start icmp;
	__be16 ports[2];

	if (key->protocol == IP_TCP || key->protocol == IP_UDP) {
		if (bpf_probe_read_kernel(ports, sizeof(ports), transport))
			return false;
		key->local_port = bpf_ntohs(ports[0]);
		key->remote_port = bpf_ntohs(ports[1]);
	} else if (key->protocol == IP_ICMP || key->protocol == IP_ICMPV6) {
		if (bpf_probe_read_kernel(&icmp, sizeof(icmp), transport))
			return false;
		key->remote_port = echo_of(key->protocol, icmp.type);
		key->local_port = key->remote_port ? bpf_ntohs(icmp.id) : 0;
	}
	return true;
}

ALWAYS_INLINE bool take_ipv4_packet(struct owner_flow_key *key, const unsigned char *network)
{
	struct ipv4_start ip;

	if (bpf_probe_read_kernel(&ip, sizeof(ip), network) || (ip.version & 0xf) < 5 ||
	    ip.fragment & bpf_htons(0x1fff)) /* a later fragment has no ports */
		return false;
	map_ipv4(key->local, ip.source);
	map_ipv4(key->remote, ip.destination);
	key->protocol = ip.protocol;
	return take_ports(key, network + ((__u64)ip.version & 0xf) * 4);
}

ALWAYS_INLINE bool take_ipv6_packet(struct owner_flow_key *key, const unsigned char *network)
{
	struct ipv6_start ip;

	if (bpf_probe_read_kernel(&ip, sizeof(ip), network))
		return false;
	take_ipv6(key->local, ip.source);
	take_ipv6(key->remote, ip.destination);
	key->protocol = ip.next; /* no extension headers are followed */
	return take_ports(key, network + IPV6_HEADER);
}

/* The key of the sender of a packet that starts with IP. */
ALWAYS_INLINE bool packet_key(const struct sk_buff *skb, struct owner_flow_key *key)
{
	const unsigned char *network = skb->head + skb->network_header;
	__u16 protocol = bpf_ntohs(skb->protocol);

	key->netns = skb->dev->nd_net.net->net_cookie;
	if (protocol == ETHERTYPE_IPV4)
		return take_ipv4_packet(key, network);
	return protocol == ETHERTYPE_IPV6 && take_ipv6_packet(key, network);
}

ALWAYS_INLINE bool is_full(const struct sock *sk)
{
	return sk->__sk_common.skc_state != TCP_TIME_WAIT && sk->__sk_common.skc_state != TCP_NEW_SYN_RECV;
}

/* The sockets of the kernel have no file. */
ALWAYS_INLINE enum owner_tie tie_of(const struct sock *sk)
{
	struct socket *socket;

	if (!is_full(sk))
		return OWNER_TIE_SOCKET;
	socket = sk->sk_socket;
	if (!socket || !socket->file)
		return OWNER_TIE_KERNEL;
	return sk->sk_type == SOCK_RAW ? OWNER_TIE_RAW : OWNER_TIE_SOCKET;
}

ALWAYS_INLINE void count_flow(void)
{
	__u32 zero = 0;
	__u64 *added = bpf_map_lookup_elem(&ow_added, &zero);

	if (added)
		++*added;
}

/* Whether what is newly known of a flow takes the place of what was known. */
ALWAYS_INLINE bool replaces(const struct owner_tied *known, const struct owner_tied *found)
{
	if (known->cookie == found->cookie && known->tie == found->tie)
		return false;
	return found->tie == OWNER_TIE_SOCKET || known->tie != OWNER_TIE_SOCKET;
}

ALWAYS_INLINE void tie_flow(const struct owner_flow_key *key, __u64 cookie, enum owner_tie tie)
{
	struct owner_flow flow = {.now = {.cookie = cookie, .since = bpf_ktime_get_ns(), .tie = tie}};
	struct owner_flow *known = bpf_map_lookup_elem(&ow_flows, key);

	if (!known) {
		bpf_map_update_elem(&ow_flows, key, &flow, BPF_ANY);
		count_flow();
	} else if (replaces(&known->now, &flow.now)) {
		known->before = known->now;
		known->now = flow.now;
	} else {
		return;
	}
	raise_epoch(epoch_of_flow(key));
}

#endif
