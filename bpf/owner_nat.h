/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_NAT_H
#define BPFSNIFF_OWNER_NAT_H

#include "owner_flows.h"

/* What address translation (conntrack) has made of a packet that is forwarded. */

enum {
	CTINFO_MASK = 7,  /* NFCT_INFOMASK of <linux/skbuff.h> */
	CTINFO_REPLY = 3, /* IP_CT_IS_REPLY of <linux/netfilter/nf_conntrack_common.h>, and above */
};

ALWAYS_INLINE void take_tuple_address(__u64 address[2], const __u32 word[4], bool is_ipv4)
{
	if (is_ipv4)
		map_ipv4(address, word[0]);
	else
		take_ipv6(address, word);
}

/* The addresses and ports that a packet had before its translation; `key` has those that it has now. */
ALWAYS_INLINE void take_tuple(struct owner_flow_key *key, const struct nf_conn *connection, bool is_reply, bool is_ipv4)
{
	const struct nf_conntrack_tuple *tuple =
		is_reply ? __builtin_preserve_access_index(&connection->tuplehash[1].tuple)
			 : __builtin_preserve_access_index(&connection->tuplehash[0].tuple);
	__be16 source_port = BPF_CORE_READ(tuple, src.u.all), destination_port = BPF_CORE_READ(tuple, dst.u.all);
	__u32 words[4];

	BPF_CORE_READ_INTO(&words, tuple, src.u3.all);
	take_tuple_address(key->local, words, is_ipv4);
	BPF_CORE_READ_INTO(&words, tuple, dst.u3.all);
	take_tuple_address(key->remote, words, is_ipv4);
	key->local_port = bpf_ntohs(source_port);
	if (key->protocol == IP_TCP || key->protocol == IP_UDP)
		key->remote_port = bpf_ntohs(destination_port);
}

/* Whether conntrack knows the packet, and may have translated it. */
ALWAYS_INLINE bool is_translated(const struct sk_buff *skb)
{
	return bpf_core_field_exists(skb->_nfct) && skb->_nfct & ~(unsigned long)CTINFO_MASK;
}

/* If the packet came from a process of another namespace of this machine, its flow after the translation is that
 * process's too. */
ALWAYS_INLINE void tie_translated(const struct sk_buff *skb)
{
	struct owner_flow_key now = {0}, before;
	const struct owner_flow *known;
	unsigned long nfct;

	if (!bpf_core_type_exists(struct nf_conn) || !bpf_core_field_exists(skb->_nfct))
		return;
	nfct = skb->_nfct;
	if (!(nfct & ~(unsigned long)CTINFO_MASK) || !packet_key(skb, &now))
		return;
	before = now;
	take_tuple(&before, (const void *)(nfct & ~(unsigned long)CTINFO_MASK), (nfct & CTINFO_MASK) >= CTINFO_REPLY,
		   bpf_ntohs(skb->protocol) == ETHERTYPE_IPV4);
	known = bpf_map_lookup_elem(&ow_flows, &before);
	if (known && known->now.tie == OWNER_TIE_SENDER)
		tie_flow(&now, known->now.cookie, OWNER_TIE_SENDER);
}

#endif
