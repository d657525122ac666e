/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_DELIVERED_H
#define BPFSNIFF_OWNER_DELIVERED_H

#include "owner_flows.h"
#include "owner_ports.h"

/* A datagram as it is given to its socket: nobody but the kernel knows which of those that are bound to the port it
 * takes (udp4_lib_lookup2()). */

enum { PACKET_HOST = 0 /* <linux/if_packet.h> */ };

/* Whether it carries UDP; no extension headers are followed. */
ALWAYS_INLINE bool is_udp(const struct __sk_buff *skb)
{
	const unsigned char *network = (const void *)(unsigned long)skb->data;

	if (network + IPV4_HEADER > (const unsigned char *)(unsigned long)skb->data_end)
		return false;
	return (skb->protocol == bpf_htons(ETHERTYPE_IPV4) ? network[9] : network[6]) == IP_UDP;
}

/* The receiver's key, but for the namespace. What several sockets take, is left out. */
ALWAYS_INLINE bool delivered_key(const struct __sk_buff *skb, struct owner_flow_key *key)
{
	__u32 transport = IPV6_HEADER;
	struct ipv4_start ipv4;
	struct ipv6_start ipv6;
	__be16 ports[2];

	if (skb->pkt_type != PACKET_HOST || !is_udp(skb))
		return false;
	if (skb->protocol == bpf_htons(ETHERTYPE_IPV4)) {
		if (bpf_skb_load_bytes(skb, 0, &ipv4, sizeof(ipv4)) ||
		    (bpf_ntohl(ipv4.destination) >> 28) == 0xe) /* RFC 5771 */
			return false;
		map_ipv4(key->local, ipv4.destination);
		map_ipv4(key->remote, ipv4.source);
		transport = (ipv4.version & 0xf) * 4u;
	} else {
		if (skb->protocol != bpf_htons(ETHERTYPE_IPV6) || bpf_skb_load_bytes(skb, 0, &ipv6, sizeof(ipv6)) ||
		    (ipv6.destination[0] & 0xff) == 0xff) /* RFC 4291, 2.7 */
			return false;
		take_ipv6(key->local, ipv6.destination);
		take_ipv6(key->remote, ipv6.source);
	}
	if (bpf_skb_load_bytes(skb, transport, ports, sizeof(ports)))
		return false;
	key->local_port = bpf_ntohs(ports[1]);
	key->remote_port = bpf_ntohs(ports[0]);
	key->protocol = IP_UDP;
	return true;
}

ALWAYS_INLINE struct owner_flow_key turned(const struct owner_flow_key *key)
{
	struct owner_flow_key other = {.netns = key->netns,
				       .local = {key->remote[0], key->remote[1]},
				       .remote = {key->local[0], key->local[1]},
				       .local_port = key->remote_port,
				       .remote_port = key->local_port,
				       .protocol = key->protocol};

	return other;
}

/* In the namespace of its sender, if it came across a veth from another one of this machine (ow_received()). */
ALWAYS_INLINE void tie_at_sender(const struct owner_flow_key *key, __u64 cookie)
{
	struct owner_flow_key there = turned(key);
	const struct owner_flow *flow = bpf_map_lookup_elem(&ow_flows, &there);
	const struct owner_socket *sender;
	__u64 of_sender;

	if (!flow || flow->now.tie != OWNER_TIE_SENDER)
		return;
	of_sender = flow->now.cookie;
	sender = bpf_map_lookup_elem(&ow_sockets, &of_sender);
	if (!sender || !sender->netns)
		return;
	there = *key;
	there.netns = sender->netns;
	tie_flow(&there, cookie, OWNER_TIE_SENDER);
}

ALWAYS_INLINE void tie_delivered(const struct __sk_buff *skb, __u64 cookie)
{
	const struct owner_socket *socket;
	const struct owner_flow *known;
	struct owner_flow_key key = {0};

	if (!delivered_key(skb, &key))
		return;
	socket = bpf_map_lookup_elem(&ow_sockets, &cookie);
	if (!socket || !socket->netns)
		return;
	key.netns = socket->netns;
	known = bpf_map_lookup_elem(&ow_flows, &key);
	if (known && known->now.cookie == cookie && known->now.tie == OWNER_TIE_SOCKET)
		return;
	/* What comes to the only socket on a port, and is never answered, does not fill the table. */
	if (known || nearest_socket(&key) != cookie)
		tie_flow(&key, cookie, OWNER_TIE_SOCKET);
	tie_at_sender(&key, cookie);
}

#endif
