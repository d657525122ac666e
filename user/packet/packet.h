/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PACKET_H
#define BPFSNIFF_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "layers.h"
#include "packet/frame.h"

/*
 * A decoded frame. All numbers are in host byte order; addresses are bytes as on the wire. Pointers point into the
 * frame. Each header says in `captured` how many of its bytes are there: a field whose end lies beyond that is zero
 * and not to be shown.
 */

enum {
	PACKET_VLANS = LINK_LAYERS_MAX,
	PACKET_MPLS = LINK_LAYERS_MAX,
	PACKET_EXTENSIONS = EXTENSIONS_MAX,
	PACKET_EXPLANATION_MAX = 512,
};

enum checksum_status {
	CHECKSUM_GOOD,
	CHECKSUM_BAD,
	CHECKSUM_OFFLOADED,  /* not computed yet when the frame was captured */
	CHECKSUM_ABSENT,     /* UDP over IPv4 with zero (RFC 768) */
	CHECKSUM_UNVERIFIED, /* not every byte it covers is here */
};

/* The layer in which the capture was cut. */
enum layer {
	LAYER_NONE,
	LAYER_LINK, /* with tags, MPLS, PPPoE */
	LAYER_IP,   /* with options and extension headers */
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

struct link_header {
	uint16_t type;                    /* enum link_type */
	uint16_t captured;                /* bytes of the first link-level header, without tags */
	bool has_source, has_destination; /* link-level addresses of 6 bytes */
	uint8_t source[6], destination[6];
	bool has_ethertype;
	uint16_t ethertype; /* of what follows all tags; for LLC/SNAP the one in the SNAP header */
	uint8_t vlan_count, mpls_count;
	struct vlan vlan[PACKET_VLANS];
	struct mpls mpls[PACKET_MPLS];
	bool has_pppoe;
	uint16_t pppoe_session;
};

/* RFC 791 or RFC 8200; `version` tells which, 0: there is no IP header. */
struct ip_header {
	uint8_t version;
	const uint8_t *start;   /* in the frame */
	uint32_t captured;      /* bytes of the header with its options or extension headers */
	uint32_t header_length; /* IPv4: IHL in bytes; IPv6: 40 */
	uint8_t tos;            /* traffic class */
	uint32_t flow_label;    /* IPv6 */
	uint16_t total_length;  /* IPv4: Total Length; IPv6: Payload Length; as on the wire */
	bool has_id;            /* IPv4 always; IPv6 with a fragment header */
	uint32_t id;
	bool reserved_flag, dont_fragment, more_fragments;
	bool is_fragment;         /* part of a larger datagram: offset above 0 or more fragments */
	uint32_t fragment_offset; /* bytes */
	uint8_t ttl;              /* hop limit */
	uint8_t protocol;         /* IPv4: the header's field; IPv6: what follows the extension headers */
	uint8_t transport;        /* the protocol of what follows, AH and extension headers skipped */
	uint16_t checksum;        /* IPv4 */
	enum checksum_status checksum_status;
	const uint8_t *source, *destination; /* 4 or 16 bytes; NULL when not captured */
	const uint8_t *options;              /* IPv4 */
	uint32_t options_length;
	uint8_t extension_count;
	uint8_t extensions[PACKET_EXTENSIONS]; /* protocol numbers, in the order of appearance; AH (51) in IPv4 too */
};

/* RFC 9293 */
struct tcp_header {
	bool present;
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

/* RFC 768 */
struct udp_header {
	bool present;
	uint32_t captured;
	uint16_t source_port, destination_port;
	uint16_t length;
	uint16_t checksum;
	enum checksum_status checksum_status;
};

/* What follows the last header that was understood. */
struct payload {
	const uint8_t *bytes;
	uint32_t captured; /* bytes that are here, without link-level padding */
	uint64_t length;   /* bytes that the headers promise */
	bool is_known;     /* not when the header that had to tell the length is not all here */
};

struct packet {
	const struct frame *frame;
	struct link_header link;
	struct ip_header ip;
	struct tcp_header tcp;
	struct udp_header udp;
	struct payload payload;
	enum layer truncated;
	const char *malformed; /* why, a static string; NULL: nothing contradicts itself */

	/* What the filter says of it; only for those who ask, as decode() does not know. */
	const char *verdict; /* "accepted", or the reason of the rejection; NULL: nobody asked */
	const char
		*explanation; /* what decided, at most PACKET_EXPLANATION_MAX bytes, any bytes; NULL: nothing to say */
	bool rejected;
};

#endif
