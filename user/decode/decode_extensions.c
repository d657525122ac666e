/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode_internal.h"
#include "ip_extension.h"

/* The data of an option of hop-by-hop or destination options (RFC 8200, 4.2) if it has `size` bytes, else NULL. */
static const uint8_t *find_option(struct header header, uint8_t type, uint8_t size)
{
	enum { PAD1 = 0 };
	uint32_t at = 2;

	while (at < header.captured) {
		if (header.bytes[at] == type && field8(header, at + 1) == size)
			return field_bytes(header, at + 2, size);
		at += header.bytes[at] == PAD1 ? 1 : 2 + field8(header, at + 1);
	}
	return NULL;
}

/* RFC 2675, 2: the length of a jumbogram, counted from behind the fixed header, of which `before` bytes are gone. */
static void decode_jumbo(struct packet *packet, struct cursor *cursor, struct header hop_by_hop, uint32_t before)
{
	const uint8_t *jumbo = find_option(hop_by_hop, 0xc2, 4);

	if (!jumbo || packet->ip.total_length)
		return;
	if (load32(jumbo) <= UINT16_MAX)
		decode_malformed(packet, "jumbo payload length that needs no jumbogram");
	else
		decode_ip_length(packet, cursor, load32(jumbo) - before);
}

/* The final destination of a packet; NULL when the routing type is not known. */
static const uint8_t *routed_destination(struct header routing, const uint8_t *destination)
{
	enum { SOURCE_ROUTE = 0, MOBILE = 2, SEGMENT_ROUTING = 4 }; /* RFC 2460, 4.4; RFC 6275, 6.4; RFC 8754, 2 */
	uint8_t type = routing.bytes[2], segments_left = routing.bytes[3];

	if (segments_left == 0)
		return destination;
	if (type == SEGMENT_ROUTING) /* the last segment stands first */
		return field_bytes(routing, 8, 16);
	if ((type == SOURCE_ROUTE || type == MOBILE) && routing.captured >= 8 + 16)
		return routing.bytes + routing.captured - 16;
	return NULL;
}

/* RFC 8200, 4.5. Of repeated headers the first that is not of an atomic fragment counts. */
static void decode_fragment(struct ip_header *ip, const uint8_t *header)
{
	uint16_t offset = load16(header + 2);

	if (ip->is_fragment)
		return;
	ip->fields |= IP_FIELD_ID | IP_FIELD_FRAGMENT;
	ip->id = load32(header + 4);
	ip->more_fragments = offset & 1;
	ip->fragment_offset = offset & FRAGMENT_OFFSET;
	ip->is_fragment = ip->more_fragments || ip->fragment_offset;
}

/* What one extension header says about the rest. Returns whether headers follow it in this packet. */
static bool decode_extension(struct packet *packet, struct cursor *cursor, uint8_t protocol, struct header header,
			     struct transport_start *start)
{
	struct ip_header *ip = &packet->ip;
	const uint8_t *home;

	switch (protocol) {
	case PROTOCOL_HOP_BY_HOP:
		decode_jumbo(packet, cursor, header, ip->captured - ip->header_length);
		return true;
	case PROTOCOL_DESTINATION_OPTIONS:
		home = find_option(header, 0xc9, 16); /* RFC 6275, 6.3 and 11.3.1 */
		if (home)
			start->source = home;
		return true;
	case PROTOCOL_ROUTING:
		start->destination = routed_destination(header, start->destination);
		return true;
	case PROTOCOL_FRAGMENT:
		decode_fragment(ip, header.bytes);
		return !(load16(header.bytes + 2) & FRAGMENT_OFFSET);
	default:
		return true;
	}
}

void decode_extensions(struct packet *packet, struct cursor *cursor, uint8_t protocol, struct transport_start *start)
{
	struct ip_header *ip = &packet->ip;
	bool follows = true;

	while (follows && is_extension(ip->version, protocol)) {
		struct header header = cursor_header(cursor, EXTENSION_MIN);
		uint32_t length = extension_length(protocol, field8(header, 1));

		ip->transport = protocol;
		if (ip->extension_count == PACKET_EXTENSIONS) {
			decode_malformed(packet, "more extension headers than are followed");
			return;
		}
		ip->extensions[ip->extension_count++] = protocol;
		if (header.captured < EXTENSION_MIN || cursor->captured < length) {
			decode_ip_cut(packet, cursor, header.captured < 2 ? EXTENSION_MIN : length);
			return;
		}
		header = cursor_header(cursor, length);
		ip->captured += cursor_skip(cursor, length);
		follows = decode_extension(packet, cursor, protocol, header, start);
		protocol = header.bytes[0];
	}
	ip->transport = protocol;
	start->follows = follows;
}
