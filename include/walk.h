/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_WALK_H
#define BPFSNIFF_WALK_H

#include "abi.h"
#include "byte_order.h"
#include "flow_key.h"
#include "protocols.h"

/*
 * The walk from a network header to a flow key, compiled for the kernel and for user space. What is declared here and
 * not defined, the includer defines.
 */
struct walk_input;

/* Copy bytes of the frame: 0, or a negative number when they are not all there. What `offset` counts from is the
 * includer's business; the walk only adds to it. */
static int walk_load(struct walk_input *input, __u32 offset, void *to, __u32 length);

/*
 * Calls of walk_tags(), walk_tag(), walk_extensions() and walk_extension(). In the kernel these are functions of their
 * own: the verifier looks at each once, and forgets behind a call what it knew of the numbers. The same code inline is
 * too complex for it, above all for a loader without CAP_PERFMON. Most frames have neither tags nor extension headers.
 */
static __u16 follow_tags(struct walk_input *input, struct walk *walk, __u16 ethertype);
static __u16 follow_tag(struct walk_input *input, struct walk *walk, __u16 ethertype);
static void follow_extensions(struct walk_input *input, struct walk *walk, __u8 protocol);
static int follow_extension(struct walk_input *input, struct walk *walk, __u8 protocol);

enum {
	WALK_TAGS = 12, /* tags, labels, sessions between the link-level and the IP header */
	WALK_EXTENSIONS = 12,
};

struct walk_ipv4 {
	__u8 version_length;
	__u8 tos;
	__u16 total_length;
	__u16 id;
	__u16 fragment;
	__u8 ttl;
	__u8 protocol;
	__u16 checksum;
	__u32 source;
	__u32 destination;
};

struct walk_ipv6 {
	__u32 version_class_flow;
	__u16 payload_length;
	__u8 next_header;
	__u8 hop_limit;
	__u64 source[2];
	__u64 destination[2];
};

#define WALK_INLINE static inline __attribute__((always_inline))

/* The verifier takes a rolled loop for an endless one on the speculative paths that it looks at for a loader without
 * CAP_PERFMON. */
#ifdef __bpf__
#define WALK_UNROLL _Pragma("clang loop unroll(full)")
#else
#define WALK_UNROLL
#endif

/* A load that does not go past the end of the datagram: behind it is padding. */
WALK_INLINE int walk_load_inside(struct walk_input *input, const struct walk *walk, void *to, __u32 length)
{
	if (walk->offset > walk->end || walk->end - walk->offset < length)
		return -1;
	return walk_load(input, walk->offset, to, length);
}

/* RFC 4302, 2.2: the length of AH counts 4-byte words, less 2; all other extension headers (RFC 8200, 4.2) 8-byte
 * words, less 1. */
WALK_INLINE __u32 walk_extension_length(__u8 protocol, __u8 length)
{
	return protocol == PROTOCOL_AH ? (length + 2u) * 4 : (length + 1u) * 8;
}

/* RFC 8200, 4.5. In a later fragment what follows is data, not a header. */
WALK_INLINE void walk_fragment(const __u8 header[8], struct flow_key *key)
{
	__u16 offset = (__u16)(header[2] << 8 | header[3]);

	key->fragment_id = (__u32)header[4] << 24 | (__u32)header[5] << 16 | (__u32)header[6] << 8 | header[7];
	if (offset & 0xfff8)
		key->flags |= FLOW_LATER_FRAGMENT;
	else if (offset & 1)
		key->flags |= FLOW_FIRST_FRAGMENT;
}

WALK_INLINE int is_extension(const struct flow_key *key, __u8 protocol)
{
	switch (protocol) {
	case PROTOCOL_HOP_BY_HOP:
	case PROTOCOL_ROUTING:
	case PROTOCOL_FRAGMENT:
	case PROTOCOL_DESTINATION_OPTIONS:
		return key->version == 6;
	case PROTOCOL_AH:
		return 1;
	default:
		return 0;
	}
}

/* Skip one extension header (RFC 8200, 4.1): the protocol that follows it, or a negative number when it is cut. */
WALK_INLINE int walk_extension(struct walk_input *input, struct walk *walk, __u8 protocol)
{
	__u8 header[8];

	if (walk_load_inside(input, walk, header, sizeof(header)))
		return -1;
	if (protocol == PROTOCOL_FRAGMENT) {
		walk_fragment(header, &walk->key);
		walk->offset += sizeof(header);
	} else {
		walk->offset += walk_extension_length(protocol, header[1]);
	}
	return header[0];
}

/* Follow the extension headers, and AH behind IPv4, to a transport protocol. */
WALK_INLINE void walk_extensions(struct walk_input *input, struct walk *walk, __u8 protocol)
{
	struct flow_key *key = &walk->key;
	int next = protocol;

	WALK_UNROLL
	for (int i = 0; i < WALK_EXTENSIONS; i++) {
		next = follow_extension(input, walk, (__u8)next);
		if (next < 0)
			break;
		if (!is_extension(key, (__u8)next) || key->flags & FLOW_LATER_FRAGMENT) {
			key->protocol = (__u8)next;
			return;
		}
	}
	key->flags |= FLOW_MALFORMED;
}

WALK_INLINE void walk_protocol(struct walk_input *input, struct walk *walk, __u8 protocol)
{
	if (is_extension(&walk->key, protocol) && !(walk->key.flags & FLOW_LATER_FRAGMENT))
		follow_extensions(input, walk, protocol);
	else
		walk->key.protocol = protocol;
}

/* RFC 791, 3.1. */
WALK_INLINE void walk_ipv4(struct walk_input *input, struct walk *walk)
{
	struct flow_key *key = &walk->key;
	struct walk_ipv4 header;
	__u32 length, total;

	key->version = 4;
	if (walk_load(input, walk->offset, &header, sizeof(header)) || header.version_length >> 4 != 4) {
		key->flags = FLOW_MALFORMED;
		return;
	}
	key->source[1] = WALK_MAPPED(header.source);
	key->destination[1] = WALK_MAPPED(header.destination);
	key->flags = FLOW_HAS_ADDRESSES;
	length = (header.version_length & 0x0f) * 4;
	if (length < sizeof(header)) {
		key->flags |= FLOW_MALFORMED;
		return;
	}
	/* A superpacket may have length 0: it did not fit the field (BIG TCP, net/ipv4/ip_output.c). */
	total = WALK_SWAP16(header.total_length);
	if (total >= length)
		walk->end = walk->offset + total;
	walk->offset += length;
	if (header.fragment & WALK_SWAP16(0x1fff))
		key->flags |= FLOW_LATER_FRAGMENT;
	else if (header.fragment & WALK_SWAP16(0x2000))
		key->flags |= FLOW_FIRST_FRAGMENT;
	key->fragment_id = WALK_SWAP16(header.id);
	walk_protocol(input, walk, header.protocol);
}

/* RFC 8200, 3. */
WALK_INLINE void walk_ipv6(struct walk_input *input, struct walk *walk)
{
	struct flow_key *key = &walk->key;
	struct walk_ipv6 header;
	__u32 payload;

	key->version = 6;
	if (walk_load(input, walk->offset, &header, sizeof(header)) ||
	    WALK_SWAP32(header.version_class_flow) >> 28 != 6) {
		key->flags = FLOW_MALFORMED;
		return;
	}
	key->source[0] = header.source[0];
	key->source[1] = header.source[1];
	key->destination[0] = header.destination[0];
	key->destination[1] = header.destination[1];
	key->flags = FLOW_HAS_ADDRESSES;
	walk->offset += sizeof(header);
	/* Jumbograms (RFC 2675) and superpackets say 0. */
	payload = WALK_SWAP16(header.payload_length);
	if (payload)
		walk->end = walk->offset + payload;
	walk_protocol(input, walk, header.next_header);
}

/* Ports stand first in the header of every protocol that has them. A port is no port in a later fragment. */
WALK_INLINE void walk_transport(struct walk_input *input, struct walk *walk)
{
	struct flow_key *key = &walk->key;
	__u16 ports[2];
	__u8 flags;

	if (key->flags & (FLOW_LATER_FRAGMENT | FLOW_MALFORMED))
		return;
	switch (key->protocol) {
	case PROTOCOL_TCP:
	case PROTOCOL_UDP:
	case PROTOCOL_DCCP:
	case PROTOCOL_SCTP:
	case PROTOCOL_UDPLITE:
		break;
	default:
		return;
	}
	if (walk_load_inside(input, walk, ports, sizeof(ports)))
		return;
	key->source_port = WALK_SWAP16(ports[0]);
	key->destination_port = WALK_SWAP16(ports[1]);
	key->flags |= FLOW_HAS_PORTS;
	/* RFC 9293, 3.1: the flags are in byte 13. */
	walk->offset += 13;
	if (key->protocol != PROTOCOL_TCP || walk_load_inside(input, walk, &flags, sizeof(flags)))
		return;
	key->tcp_flags = flags;
	key->flags |= FLOW_HAS_TCP_FLAGS;
}

/* One label. The one with the bottom bit is the last (RFC 3032, 2.1); the first nibble behind it tells IPv4 from IPv6.
 */
WALK_INLINE __u16 walk_mpls(struct walk_input *input, struct walk *walk)
{
	__u8 label[4], version;

	if (walk_load(input, walk->offset, label, sizeof(label)))
		return 0;
	walk->offset += sizeof(label);
	if (!(label[2] & 1))
		return ETHERTYPE_MPLS;
	if (walk_load(input, walk->offset, &version, sizeof(version)))
		return 0;
	return version >> 4 == 4 ? ETHERTYPE_IPV4 : version >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
}

/* PPP protocol numbers (RFC 1332, RFC 5072) as ethertypes. */
WALK_INLINE __u16 walk_ppp_ethertype(__u16 protocol)
{
	switch (protocol) {
	case 0x0021:
		return ETHERTYPE_IPV4;
	case 0x0057:
		return ETHERTYPE_IPV6;
	case 0x0281:
		return ETHERTYPE_MPLS;
	default:
		return 0;
	}
}

/* RFC 2516, 4: version 1, type 1, code 0 is session data; behind the header stands a PPP protocol of one byte or two
 * (RFC 1661, 2). */
WALK_INLINE __u16 walk_pppoe(struct walk_input *input, struct walk *walk)
{
	__u8 header[7], low;

	if (walk_load(input, walk->offset, header, sizeof(header)) || header[0] != 0x11 || header[1] != 0)
		return 0;
	walk->offset += sizeof(header);
	if (header[6] & 1)
		return walk_ppp_ethertype(header[6]);
	if (walk_load(input, walk->offset, &low, sizeof(low)))
		return 0;
	walk->offset += sizeof(low);
	return walk_ppp_ethertype((__u16)(header[6] << 8 | low));
}

/* RFC 1042: LLC AA AA 03, then SNAP with an organisation of zero and an ethertype. */
WALK_INLINE __u16 walk_llc(struct walk_input *input, struct walk *walk)
{
	__u8 header[8];

	if (walk_load(input, walk->offset, header, sizeof(header)))
		return 0;
	walk->offset += sizeof(header);
	if (header[0] != 0xaa || header[1] != 0xaa || header[2] != 0x03 || header[3] || header[4] || header[5])
		return 0;
	return (__u16)(header[6] << 8 | header[7]);
}

/* One VLAN tag (IEEE 802.1Q, 9.3). */
WALK_INLINE __u16 walk_vlan(struct walk_input *input, struct walk *walk)
{
	__u8 tag[4];

	if (walk_load(input, walk->offset, tag, sizeof(tag)))
		return 0;
	walk->offset += sizeof(tag);
	return (__u16)(tag[2] << 8 | tag[3]);
}

/* Skip what stands between the link-level and the IP header, one layer of it: the ethertype of what follows, 0 when
 * that leads nowhere. */
WALK_INLINE __u16 walk_tag(struct walk_input *input, struct walk *walk, __u16 ethertype)
{
	switch (ethertype) {
	case ETHERTYPE_VLAN:
	case ETHERTYPE_SERVICE_VLAN:
	case ETHERTYPE_OLD_VLAN:
		return walk_vlan(input, walk);
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return walk_mpls(input, walk);
	case ETHERTYPE_PPPOE_SESSION:
		return walk_pppoe(input, walk);
	case 1 ... ETHERTYPE_LLC_MAX:
		return walk_llc(input, walk);
	default:
		return 0;
	}
}

WALK_INLINE int is_ip(__u16 ethertype)
{
	return ethertype == ETHERTYPE_IPV4 || ethertype == ETHERTYPE_IPV6;
}

/* Skip all of it: the ethertype of the IP header, or 0. */
WALK_INLINE __u16 walk_tags(struct walk_input *input, struct walk *walk, __u16 ethertype)
{
	WALK_UNROLL
	for (int i = 0; i < WALK_TAGS; i++) {
		ethertype = follow_tag(input, walk, ethertype);
		if (!ethertype || is_ip(ethertype))
			return ethertype;
	}
	return 0;
}

/*
 * From the header that `ethertype` (host byte order) names, at `offset`, to walk->key. `transport` asks for ports and
 * TCP flags too. A frame that is not IP leaves version 0.
 */
WALK_INLINE void walk_frame(struct walk_input *input, __u16 ethertype, __u32 offset, int transport, struct walk *walk)
{
	*walk = (struct walk){.offset = offset, .end = 0xffffffff};
	if (!is_ip(ethertype))
		ethertype = follow_tags(input, walk, ethertype);
	if (ethertype == ETHERTYPE_IPV4)
		walk_ipv4(input, walk);
	else if (ethertype == ETHERTYPE_IPV6)
		walk_ipv6(input, walk);
	else
		return;
	if (transport)
		walk_transport(input, walk);
}

#endif
