/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PACKET_H
#define BPFSNIFF_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "layers.h"
#include "packet/explanation.h"
#include "packet/frame.h"
#include "packet/packet_owner.h"
#include "packet/tcp_analysis.h"

/*
 * A decoded frame. All numbers are in host byte order; addresses are bytes as on the wire. Pointers point into the
 * frame. Each header has one bit per field in `fields`: it is set if the whole field was captured. A field without its
 * bit is zero and must not be shown. A field that has no bit is set whenever its header exists, or says by itself that
 * it is not (a NULL pointer, a count of zero).
 */

enum {
	PACKET_VLANS = LINK_LAYERS_MAX,
	PACKET_MPLS = LINK_LAYERS_MAX,
	PACKET_EXTENSIONS = EXTENSIONS_MAX,
};

enum checksum_status {
	CHECKSUM_GOOD,
	CHECKSUM_BAD,
	CHECKSUM_OFFLOADED,  /* not yet computed when the frame was captured */
	CHECKSUM_ABSENT,     /* zero in UDP over IPv4 (RFC 768) */
	CHECKSUM_UNVERIFIED, /* not all the bytes it covers were captured */
};

/* The layer in which the capture was cut. */
enum layer {
	LAYER_NONE,
	LAYER_LINK, /* including tags, MPLS, PPPoE */
	LAYER_IP,   /* including options and extension headers */
	LAYER_TCP,
	LAYER_UDP,
};

struct vlan {
	uint16_t tpid;
	uint16_t id;
	uint8_t priority;
	bool dei;
};

struct mpls {
	uint32_t label;
	uint8_t traffic_class;
	uint8_t ttl;
	bool bottom;
};

enum link_field {
	LINK_FIELD_SOURCE = 1 << 0,
	LINK_FIELD_DESTINATION = 1 << 1,
	LINK_FIELD_ETHERTYPE = 1 << 2,
	LINK_FIELD_PPPOE_SESSION = 1 << 3,
};

struct link_header {
	uint16_t type;                     /* enum link_type */
	uint32_t captured;                 /* bytes of the first link-level header, without tags */
	uint8_t fields;                    /* enum link_field */
	uint8_t source[6], destination[6]; /* only addresses of 6 bytes are decoded */
	uint16_t ethertype;                /* behind all tags; for LLC/SNAP the one in the SNAP header */
	uint8_t vlan_count, mpls_count;
	struct vlan vlan[PACKET_VLANS];
	struct mpls mpls[PACKET_MPLS];
	uint16_t pppoe_session;
};

static inline bool link_has(const struct link_header *link, enum link_field field)
{
	return link->fields & field;
}

enum ip_field {
	IP_FIELD_TOS = 1 << 0,
	IP_FIELD_FLOW_LABEL = 1 << 1,
	IP_FIELD_TOTAL_LENGTH = 1 << 2,
	IP_FIELD_ID = 1 << 3,       /* in IPv6 only with a fragment header */
	IP_FIELD_FRAGMENT = 1 << 4, /* flags and fragment offset; likewise */
	IP_FIELD_TTL = 1 << 5,
	IP_FIELD_PROTOCOL = 1 << 6,
	IP_FIELD_CHECKSUM = 1 << 7,
};

/* RFC 791 or RFC 8200, as `version` says; 0: there is no IP header. */
struct ip_header {
	uint8_t version;
	uint8_t fields;         /* enum ip_field */
	const uint8_t *start;   /* in the frame */
	uint32_t captured;      /* bytes of the header with its options or extension headers */
	uint32_t header_length; /* IPv4: IHL in bytes; IPv6: 40 */
	uint8_t tos;            /* traffic class */
	uint32_t flow_label;    /* IPv6 */
	uint16_t total_length;  /* IPv4: Total Length; IPv6: Payload Length; as on the wire */
	uint32_t id;
	bool reserved_flag, dont_fragment, more_fragments;
	bool is_fragment;         /* offset above 0, or more fragments follow */
	uint32_t fragment_offset; /* bytes */
	uint8_t ttl;              /* hop limit */
	uint8_t protocol;         /* IPv4: the header's field; IPv6: what follows the extension headers */
	uint8_t transport;        /* the protocol of what follows AH and extension headers */
	uint16_t checksum;        /* IPv4 */
	enum checksum_status checksum_status;
	const uint8_t *source, *destination; /* 4 or 16 bytes; NULL when not captured */
	const uint8_t *options;              /* IPv4 */
	uint32_t options_length;
	uint8_t extension_count;
	uint8_t extensions[PACKET_EXTENSIONS]; /* protocol numbers, in the order of appearance; AH (51) in IPv4 too */
};

static inline bool ip_has(const struct ip_header *ip, enum ip_field field)
{
	return ip->fields & field;
}

enum tcp_field {
	TCP_FIELD_SOURCE_PORT = 1 << 0,
	TCP_FIELD_DESTINATION_PORT = 1 << 1,
	TCP_FIELD_SEQ = 1 << 2,
	TCP_FIELD_ACK = 1 << 3,
	TCP_FIELD_HEADER_LENGTH = 1 << 4,
	TCP_FIELD_FLAGS = 1 << 5,
	TCP_FIELD_WINDOW = 1 << 6,
	TCP_FIELD_CHECKSUM = 1 << 7,
	TCP_FIELD_URGENT = 1 << 8,
};

/* RFC 9293 */
struct tcp_header {
	bool present;
	uint16_t fields;   /* enum tcp_field */
	uint32_t captured; /* bytes of the header with its options */
	uint16_t source_port, destination_port;
	uint32_t seq, ack;
	uint32_t header_length; /* bytes */
	uint16_t flags;         /* the 12 bits after the data offset: 4 reserved, CWR ECE URG ACK PSH RST SYN FIN */
	uint16_t window;
	uint16_t checksum;
	enum checksum_status checksum_status;
	uint16_t urgent;
	const uint8_t *options;
	uint32_t options_length;
};

static inline bool tcp_has(const struct tcp_header *tcp, enum tcp_field field)
{
	return tcp->fields & field;
}

enum udp_field {
	UDP_FIELD_SOURCE_PORT = 1 << 0,
	UDP_FIELD_DESTINATION_PORT = 1 << 1,
	UDP_FIELD_LENGTH = 1 << 2,
	UDP_FIELD_CHECKSUM = 1 << 3,
};

/* RFC 768 */
struct udp_header {
	bool present;
	uint8_t fields; /* enum udp_field */
	uint32_t captured;
	uint16_t source_port, destination_port;
	uint16_t length;
	uint16_t checksum;
	enum checksum_status checksum_status;
};

static inline bool udp_has(const struct udp_header *udp, enum udp_field field)
{
	return udp->fields & field;
}

/* What follows the last decoded header. */
struct payload {
	const uint8_t *bytes;
	uint32_t captured; /* bytes that were captured, without link-level padding */
	uint64_t length;   /* bytes that the headers announce */
	bool is_known;     /* false if the header that gives the length was cut */
};

struct packet {
	const struct frame *frame;
	struct link_header link;
	struct ip_header ip;
	struct tcp_header tcp;
	struct udp_header udp;
	struct payload payload;
	enum layer truncated;
	const char *malformed; /* why the packet contradicts itself, a static string; NULL: it does not */

	/* What annotators (packet/annotator.h) add; NULL: nothing is known. */
	const struct explanation *explanation; /* what the filter says */
	const struct tcp_analysis *analysis;   /* what the segment means within its connection */
	const struct packet_owner *owner;      /* the processes at its ends */
	bool is_unwanted;                      /* neither of them is chosen */
};

/* The filter has rejected it, but a sink still wants it. */
static inline bool packet_is_rejected(const struct packet *packet)
{
	return packet->explanation && packet->explanation->rejected;
}

#endif
