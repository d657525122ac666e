/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_IP_H
#define BPFSNIFF_DISSECT_IP_H

#include "dissect_input.h"
#include "filter_needs.h"
#include "ip_extension.h"
#include "layers.h"

/* IP, its extension headers, and what is asked of the transport header. */

struct wire_ipv4 {
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

struct wire_ipv6 {
	__u32 version_class_flow;
	__u16 payload_length;
	__u8 next_header;
	__u8 hop_limit;
	__u64 source[2];
	__u64 destination[2];
};

/* What a TCP header begins with (RFC 9293, 3.1). Ports stand first in the header of every protocol that has them. */
struct wire_transport {
	__u16 ports[2];
	__u8 between[9];
	__u8 tcp_flags;
};

/* Most frames have the one right behind the other, so one load takes both. */
struct wire_ipv4_transport {
	struct wire_ipv4 ip;
	struct wire_transport transport;
};

struct wire_ipv6_transport {
	struct wire_ipv6 ip;
	struct wire_transport transport;
};

/* RFC 8200, 4.5. In a later fragment what follows is data, not a header. Of several fragment headers the last counts.
 */
ALWAYS_INLINE void dissect_fragment(const __u8 header[EXTENSION_MIN], struct flow_key *key)
{
	__u16 offset = (__u16)(header[2] << 8 | header[3]);

	key->fragment_id = (__u32)header[4] << 24 | (__u32)header[5] << 16 | (__u32)header[6] << 8 | header[7];
	key->flags &= (__u8)~FLOW_FIRST_FRAGMENT;
	if (offset & FRAGMENT_OFFSET)
		key->flags |= FLOW_LATER_FRAGMENT;
	else if (offset & 1)
		key->flags |= FLOW_FIRST_FRAGMENT;
}

/*
 * Skip one extension header (RFC 8200, 4.1): the protocol of the next one, or a negative number when there is none:
 * what follows is a transport protocol, or this one is cut.
 */
ALWAYS_INLINE int dissect_extension(struct dissect_input *input, struct dissection *dissection, __u8 protocol)
{
	struct flow_key *key = &dissection->key;
	__u8 header[EXTENSION_MIN];

	if (dissect_load_inside(input, dissection, header, sizeof(header))) {
		key->flags |= FLOW_MALFORMED;
		return -1;
	}
	if (protocol == PROTOCOL_FRAGMENT)
		dissect_fragment(header, key);
	dissection->offset += extension_length(protocol, header[1]);
	if (is_extension(key->version, header[0]) && !(key->flags & FLOW_LATER_FRAGMENT))
		return header[0];
	key->protocol = header[0];
	return -1;
}

/* Follow the extension headers, and AH behind IPv4, to a transport protocol. */
ALWAYS_INLINE void dissect_extensions(struct dissect_input *input, struct dissection *dissection, __u8 protocol)
{
	int next = protocol;

	UNROLL
	for (int i = 0; i < EXTENSIONS_MAX; i++) {
		next = follow_extension(input, dissection, (__u8)next);
		if (next < 0)
			return;
	}
	dissection->key.flags |= FLOW_MALFORMED;
}

ALWAYS_INLINE void dissect_protocol(struct dissect_input *input, struct dissection *dissection, __u8 protocol)
{
	if (is_extension(dissection->key.version, protocol) && !(dissection->key.flags & FLOW_LATER_FRAGMENT))
		follow_extensions(input, dissection, protocol);
	else
		dissection->key.protocol = protocol;
}

ALWAYS_INLINE int has_ports(__u8 protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
	case PROTOCOL_UDP:
	case PROTOCOL_DCCP:
	case PROTOCOL_SCTP:
	case PROTOCOL_UDPLITE:
		return 1;
	default:
		return 0;
	}
}

ALWAYS_INLINE void take_ports(struct flow_key *key, const __u16 ports[2])
{
	key->source_port = SWAP16(ports[0]);
	key->destination_port = SWAP16(ports[1]);
	key->flags |= FLOW_HAS_PORTS;
}

ALWAYS_INLINE void take_tcp_flags(struct flow_key *key, __u8 flags)
{
	if (key->protocol != PROTOCOL_TCP)
		return;
	key->tcp_flags = flags;
	key->flags |= FLOW_HAS_TCP_FLAGS;
}

/* Ports and TCP flags of a header that is not all there, as far as it goes. */
ALWAYS_INLINE void dissect_cut_transport(struct dissect_input *input, struct dissection *dissection)
{
	struct flow_key *key = &dissection->key;
	__u16 ports[2] ALIGNED_8;
	__u8 flags ALIGNED_8;

	if (dissect_load_inside(input, dissection, ports, sizeof(ports))) {
		if (dissect_load_inside(input, dissection, ports, sizeof(ports[0])))
			return;
		key->source_port = SWAP16(ports[0]);
		key->flags |= FLOW_HAS_SOURCE_PORT;
		return;
	}
	take_ports(key, ports);
	dissection->offset += __builtin_offsetof(struct wire_transport, tcp_flags);
	if (!dissect_load_inside(input, dissection, &flags, sizeof(flags)))
		take_tcp_flags(key, flags);
	dissection->offset -= __builtin_offsetof(struct wire_transport, tcp_flags);
}

/* Ports and TCP flags, from `header` if it is loaded already. A later fragment has none. */
ALWAYS_INLINE void dissect_transport(struct dissect_input *input, struct dissection *dissection, int loaded,
				     const struct wire_transport *header)
{
	struct flow_key *key = &dissection->key;

	if (key->flags & (FLOW_LATER_FRAGMENT | FLOW_MALFORMED) || !has_ports(key->protocol))
		return;
	if (!loaded || !dissect_is_inside(dissection, sizeof(*header))) {
		follow_transport(input, dissection);
		return;
	}
	take_ports(key, header->ports);
	take_tcp_flags(key, header->tcp_flags);
}

/*
 * RFC 791, 3.1. The headers are zero before they are loaded: older verifiers (Linux 6.1) also take the path on which a
 * processor only speculates that they are, and refuse to read there what was not written.
 */
ALWAYS_INLINE void dissect_ipv4(struct dissect_input *input, struct dissection *dissection, int transport)
{
	const __u32 behind = dissection->offset + sizeof(struct wire_ipv4);
	struct flow_key *key = &dissection->key;
	struct wire_ipv4_transport header ALIGNED_8;
	__u32 length, total;
	int whole;

	header = (struct wire_ipv4_transport){0};
	whole = transport && !dissect_load_inside(input, dissection, &header, sizeof(header));
	key->version = 4;
	if (transport & DISSECT_LENGTH)
		dissection->ip_offset = dissection->offset;
	if ((!whole && dissect_load_inside(input, dissection, &header.ip, sizeof(header.ip))) ||
	    header.ip.version_length >> 4 != 4) {
		key->flags = FLOW_MALFORMED;
		return;
	}
	key->source[1] = ADDRESS_MAPPED(header.ip.source);
	key->destination[1] = ADDRESS_MAPPED(header.ip.destination);
	key->flags = FLOW_HAS_ADDRESSES;
	length = (header.ip.version_length & 0x0f) * 4;
	if (length < sizeof(header.ip)) {
		key->flags |= FLOW_MALFORMED;
		return;
	}
	/* A superpacket may have length 0: it did not fit the field (BIG TCP, net/ipv4/ip_output.c). Behind a length
	 * below the header's there is nothing. */
	total = SWAP16(header.ip.total_length);
	if (transport & DISSECT_LENGTH)
		dissection->ip_length = total;
	if (total)
		dissect_enclose(dissection, total);
	dissection->offset += length;
	if (header.ip.fragment & SWAP16(IPV4_FRAGMENT_OFFSET))
		key->flags |= FLOW_LATER_FRAGMENT;
	else if (header.ip.fragment & SWAP16(IPV4_MORE_FRAGMENTS))
		key->flags |= FLOW_FIRST_FRAGMENT;
	key->fragment_id = (__u32)header.ip.protocol << 16 | SWAP16(header.ip.id);
	dissect_protocol(input, dissection, header.ip.protocol);
	if (transport)
		dissect_transport(input, dissection, whole && dissection->offset == behind, &header.transport);
}

/* RFC 8200, 3; otherwise as above. */
ALWAYS_INLINE void dissect_ipv6(struct dissect_input *input, struct dissection *dissection, int transport)
{
	const __u32 behind = dissection->offset + sizeof(struct wire_ipv6);
	struct flow_key *key = &dissection->key;
	struct wire_ipv6_transport header ALIGNED_8;
	__u32 payload;
	int whole;

	header = (struct wire_ipv6_transport){0};
	whole = transport && !dissect_load_inside(input, dissection, &header, sizeof(header));
	key->version = 6;
	if (transport & DISSECT_LENGTH)
		dissection->ip_offset = dissection->offset;
	if ((!whole && dissect_load_inside(input, dissection, &header.ip, sizeof(header.ip))) ||
	    SWAP32(header.ip.version_class_flow) >> 28 != 6) {
		key->flags = FLOW_MALFORMED;
		return;
	}
	key->source[0] = header.ip.source[0];
	key->source[1] = header.ip.source[1];
	key->destination[0] = header.ip.destination[0];
	key->destination[1] = header.ip.destination[1];
	key->flags = FLOW_HAS_ADDRESSES;
	dissection->offset = behind;
	/* Jumbograms (RFC 2675) and superpackets say 0. */
	payload = SWAP16(header.ip.payload_length);
	if (transport & DISSECT_LENGTH && payload)
		dissection->ip_length = sizeof(struct wire_ipv6) + payload;
	if (payload)
		dissect_enclose(dissection, payload);
	dissect_protocol(input, dissection, header.ip.next_header);
	if (transport)
		dissect_transport(input, dissection, whole && dissection->offset == behind, &header.transport);
}

#endif
