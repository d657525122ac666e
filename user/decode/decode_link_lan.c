/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode_link_internal.h"
#include "protocols.h"

/* Other local networks than Ethernet, the tags of switches in Ethernet frames, and frame relay. */

enum {
	FDDI_HEADER = 13,
	TOKEN_RING_HEADER = 14,
	DSA_TAG = 4,
	EDSA_TAG = 8, /* an ethertype and two bytes in front of the same tag */
};

/* Each byte of an FDDI address is captured with its first bit last. */
static void reverse_bits(uint8_t address[6])
{
	for (int i = 0; i < 6; i++) {
		uint8_t byte = address[i];

		byte = (uint8_t)((byte & 0x0f) << 4 | byte >> 4);
		byte = (uint8_t)((byte & 0x33) << 2 | (byte & 0xcc) >> 2);
		address[i] = (uint8_t)((byte & 0x55) << 1 | (byte & 0xaa) >> 1);
	}
}

/* ISO 9314-2; RFC 1390 for IP. */
enum network link_fddi(struct packet *packet, struct cursor *cursor)
{
	enum { LENGTH_AND_FORMAT = 0xf0, LLC = 0x50 };
	struct header header = link_pull(packet, cursor, FDDI_HEADER);

	link_set_destination(&packet->link, field_bytes(header, 1, 6));
	link_set_source(&packet->link, field_bytes(header, 7, 6));
	reverse_bits(packet->link.destination);
	reverse_bits(packet->link.source);
	if (header.captured < FDDI_HEADER || (header.bytes[0] & LENGTH_AND_FORMAT) != LLC)
		return NETWORK_NONE;
	return link_llc(packet, cursor);
}

/* IEEE 802.5; RFC 1042 for IP. The first bit of the source says that a route follows, whose length its first byte has.
 */
enum network link_token_ring(struct packet *packet, struct cursor *cursor)
{
	enum { FRAME_TYPE = 0xc0, LLC = 0x40, HAS_ROUTE = 0x80, ROUTE_LENGTH = 0x1f };
	struct header header = link_pull(packet, cursor, TOKEN_RING_HEADER);
	struct header route;
	uint32_t length;

	link_set_destination(&packet->link, field_bytes(header, 2, 6));
	link_set_source(&packet->link, field_bytes(header, 8, 6));
	packet->link.source[0] &= (uint8_t)~HAS_ROUTE;
	if (header.captured < TOKEN_RING_HEADER || (header.bytes[1] & FRAME_TYPE) != LLC)
		return NETWORK_NONE;
	if (!(header.bytes[8] & HAS_ROUTE))
		return link_llc(packet, cursor);
	length = field8(cursor_header(cursor, 1), 0) & ROUTE_LENGTH;
	if (length < 2) {
		if (cursor->captured)
			decode_malformed(packet, "token ring route below 2 bytes");
		else
			decode_short(packet, cursor, LAYER_LINK, 2);
		return NETWORK_NONE;
	}
	route = link_pull(packet, cursor, length);
	return route.captured == length ? link_llc(packet, cursor) : NETWORK_NONE;
}

/* The address of Q.922, 3.2: the last byte is odd. Returns whether it is all there. */
static bool skip_q922_address(struct packet *packet, struct cursor *cursor)
{
	enum { ADDRESS_MIN = 2, ADDRESS_MAX = 4 };
	uint32_t size = ADDRESS_MIN;

	while (size < ADDRESS_MAX && size <= cursor->captured && !(cursor->at[size - 1] & 1))
		size++;
	return link_pull(packet, cursor, size).captured == size;
}

/* A SNAP header behind its NLPID (RFC 2427, 4): an ethertype, or a bridged Ethernet frame. */
static enum network frame_relay_snap(struct packet *packet, struct cursor *cursor)
{
	enum { SNAP = 5, ORGANISATION_BRIDGED = 0x0080c2, ETHERNET_WITH_FCS = 1, ETHERNET = 7 };
	struct header header = link_pull(packet, cursor, SNAP);
	uint32_t organisation;
	uint16_t type;

	if (header.captured < SNAP)
		return NETWORK_NONE;
	organisation = load32(header.bytes) >> 8;
	type = load16(header.bytes + 3);
	if (organisation == ORGANISATION_BRIDGED && (type == ETHERNET_WITH_FCS || type == ETHERNET))
		return link_ethernet(packet, cursor);
	return organisation == 0 && !is_length(type) ? decode_ethertype(packet, cursor, type) : NETWORK_NONE;
}

/* RFC 2427, 3: behind the address a control byte, perhaps a pad, and a NLPID; or, as Cisco has it, an ethertype. */
enum network link_frame_relay(struct packet *packet, struct cursor *cursor)
{
	enum { UNNUMBERED = 0x03, PAD = 0x00, NLPID_SNAP = 0x80, NLPID_IPV6 = 0x8e, NLPID_IPV4 = 0xcc };
	struct header header;

	if (!skip_q922_address(packet, cursor))
		return NETWORK_NONE;
	if (field8(cursor_header(cursor, 1), 0) != UNNUMBERED) {
		header = link_pull(packet, cursor, 2);
		return header.captured == 2 ? decode_ethertype(packet, cursor, load16(header.bytes)) : NETWORK_NONE;
	}
	link_pull(packet, cursor, 1);
	if (cursor->captured && *cursor->at == PAD)
		link_pull(packet, cursor, 1);
	header = link_pull(packet, cursor, 1);
	switch (field8(header, 0)) {
	case NLPID_IPV4:
		return NETWORK_IPV4;
	case NLPID_IPV6:
		return NETWORK_IPV6;
	case NLPID_SNAP:
		return frame_relay_snap(packet, cursor);
	default:
		return NETWORK_NONE;
	}
}

/* An Ethernet frame with the tag of a switch between addresses and type (net/dsa/tag_dsa.c, tag_brcm.c). */
static enum network tagged_by_switch(struct packet *packet, struct cursor *cursor, uint32_t tag)
{
	struct header header = link_pull(packet, cursor, ETHERNET_HEADER + tag);

	link_set_destination(&packet->link, field_bytes(header, 0, 6));
	link_set_source(&packet->link, field_bytes(header, 6, 6));
	if (header.captured < ETHERNET_HEADER + tag)
		return NETWORK_NONE;
	return decode_type_or_length(packet, cursor, load16(header.bytes + ETHERNET_TYPE + tag));
}

enum network link_dsa(struct packet *packet, struct cursor *cursor)
{
	return tagged_by_switch(packet, cursor, DSA_TAG);
}

enum network link_edsa(struct packet *packet, struct cursor *cursor)
{
	return tagged_by_switch(packet, cursor, EDSA_TAG);
}

enum network link_brcm_prepend(struct packet *packet, struct cursor *cursor)
{
	return link_pull(packet, cursor, DSA_TAG).captured == DSA_TAG ? link_ethernet(packet, cursor) : NETWORK_NONE;
}
