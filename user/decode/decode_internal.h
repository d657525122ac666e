/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DECODE_INTERNAL_H
#define BPFSNIFF_DECODE_INTERNAL_H

#include "decode/cursor.h"
#include "packet/packet.h"

/*
 * What the layers of decode() hand to each other. Each fills its part of the packet and moves the cursor behind what
 * it understood; where it stops, the payload begins.
 */

/* What stands behind the link-level headers. */
enum network {
	NETWORK_NONE, /* nothing that is decoded */
	NETWORK_IPV4,
	NETWORK_IPV6,
	NETWORK_BY_VERSION, /* IP, or something else, as its first nibble tells */
};

/* What stands behind the IP headers, and the addresses of the pseudo header that its checksum covers. */
struct transport_start {
	bool follows;               /* the header of packet->ip.transport is at the cursor */
	const uint8_t *source;      /* NULL: not known */
	const uint8_t *destination; /* the final one, of a routed packet (RFC 8200, 8.1); NULL: not known */
};

/* The first byte of a frame. */
struct cursor decode_start(const struct frame *frame);

/* The headers in front of IP, by the link type of the frame. */
enum network decode_link(struct packet *packet, struct cursor *cursor);

/* What an ethertype names: MPLS (RFC 3032), PPPoE (RFC 2516) or IP. */
enum network decode_ethertype(struct packet *packet, struct cursor *cursor, uint16_t type);

/* The same, after tags (IEEE 802.1Q), and with a length (IEEE 802.3) in place of a type before LLC. */
enum network decode_type_or_length(struct packet *packet, struct cursor *cursor, uint16_t type);

/* The same for the protocol of a Linux cooked header, where low numbers are no lengths. */
enum network decode_cooked(struct packet *packet, struct cursor *cursor, uint16_t protocol);

/* Behind a PPPoE header of PPPOE_HEADER bytes. */
enum network decode_pppoe(struct packet *packet, struct cursor *cursor, const uint8_t *header);

/* RFC 1661, 2: a protocol number has two bytes, of which the first may be left out when it is zero. */
uint32_t decode_ppp_protocol_size(const struct cursor *cursor);

/* What follows the protocol number. */
enum network decode_ppp(struct packet *packet, struct cursor *cursor, const uint8_t *protocol);

/* The outermost IP header with options and extension headers. */
void decode_ip(struct packet *packet, struct cursor *cursor, enum network network, struct transport_start *start);

/* The chain of extension headers (RFC 8200, 4.1), and AH in IPv4, that begins with `protocol`. */
void decode_extensions(struct packet *packet, struct cursor *cursor, uint8_t protocol, struct transport_start *start);

/* The length that an IP header gives. Zero when the packet is too long for the field, a superpacket of segmentation
 * offload or a jumbogram: the length of the frame counts then, as it does when the frame is too short. */
void decode_ip_length(struct packet *packet, struct cursor *cursor, uint64_t length);

/* An IP header of `size` bytes is not all there: what is here of it belongs to it, and what follows is not known. */
void decode_ip_cut(struct packet *packet, struct cursor *cursor, uint64_t size);

/* RFC 9293, 3.1 and RFC 768. */
void decode_tcp(struct packet *packet, struct cursor *cursor, const struct transport_start *start);
void decode_udp(struct packet *packet, struct cursor *cursor, const struct transport_start *start);

/* Note why a header contradicts itself; the first reason stays. `why` is static. */
void decode_malformed(struct packet *packet, const char *why);

/* Note that a header of `size` bytes at the cursor is not all there: the capture was cut in it, or it goes on in the
 * next fragment; or else what encloses it ends too early. */
void decode_short(struct packet *packet, const struct cursor *cursor, enum layer layer, uint64_t size);

/* Check the lengths of TCP or IPv4 options (RFC 9293, 3.1; RFC 791, 3.1). Of `cut` ones the end is not known. */
void decode_options(struct packet *packet, const uint8_t *options, uint32_t length, bool cut);

#endif
