/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "decode/decode_internal.h"
#include "protocols.h"

/* Of the first header the next `size` bytes, as far as they are there. */
static struct header pull_first(struct packet *packet, struct cursor *cursor, uint32_t size)
{
	struct header header = cursor_header(cursor, size);

	if (header.captured < size)
		decode_short(packet, cursor, LAYER_LINK, size);
	cursor_skip(cursor, size);
	packet->link.captured += (uint16_t)header.captured;
	return header;
}

/* `bytes` NULL: not captured. */
static void set_source(struct link_header *link, const uint8_t *bytes)
{
	if (!bytes)
		return;
	link->fields |= LINK_FIELD_SOURCE;
	memcpy(link->source, bytes, sizeof(link->source));
}

static void set_destination(struct link_header *link, const uint8_t *bytes)
{
	if (!bytes)
		return;
	link->fields |= LINK_FIELD_DESTINATION;
	memcpy(link->destination, bytes, sizeof(link->destination));
}

/* IEEE 802.3, 3.1.1 */
static enum network link_ethernet(struct packet *packet, struct cursor *cursor)
{
	struct link_header *link = &packet->link;
	struct header header = pull_first(packet, cursor, ETHERNET_HEADER);

	set_destination(link, field_bytes(header, 0, 6));
	set_source(link, field_bytes(header, 6, 6));
	return header.captured == ETHERNET_HEADER
		       ? decode_type_or_length(packet, cursor, load16(header.bytes + ETHERNET_TYPE))
		       : NETWORK_NONE;
}

/* The Linux cooked headers (tcpdump.org/linktypes, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2). */
static enum network link_sll(struct packet *packet, struct cursor *cursor)
{
	struct link_header *link = &packet->link;
	struct header header = pull_first(packet, cursor, COOKED_HEADER);

	if (field16(header, 4) == 6)
		set_source(link, field_bytes(header, 6, 6));
	return header.captured == COOKED_HEADER ? decode_cooked(packet, cursor, load16(header.bytes + 14))
						: NETWORK_NONE;
}

static enum network link_sll2(struct packet *packet, struct cursor *cursor)
{
	struct link_header *link = &packet->link;
	struct header header = pull_first(packet, cursor, COOKED2_HEADER);

	if (field8(header, 11) == 6)
		set_source(link, field_bytes(header, 12, 6));
	return header.captured == COOKED2_HEADER ? decode_cooked(packet, cursor, load16(header.bytes)) : NETWORK_NONE;
}

/* Cisco HDLC: address, control, ethertype (tcpdump.org/linktypes, LINKTYPE_C_HDLC). */
static enum network link_chdlc(struct packet *packet, struct cursor *cursor)
{
	struct header header = pull_first(packet, cursor, 4);

	return header.captured == 4 ? decode_ethertype(packet, cursor, load16(header.bytes + 2)) : NETWORK_NONE;
}

/* RFC 1662, 3.1: address and control may be left out. Serial lines that speak Cisco HDLC are captured as PPP too. */
static enum network link_ppp(struct packet *packet, struct cursor *cursor)
{
	struct header header = cursor_header(cursor, 2);
	uint8_t address = field8(header, 0);
	uint32_t size;

	if (address == 0x0f || address == 0x8f)
		return link_chdlc(packet, cursor);
	if (field16(header, 0) == 0xff03)
		pull_first(packet, cursor, 2);
	size = decode_ppp_protocol_size(cursor);
	header = pull_first(packet, cursor, size);
	return header.captured == size ? decode_ppp(packet, cursor, header.bytes) : NETWORK_NONE;
}

static enum network link_ppp_with_direction(struct packet *packet, struct cursor *cursor)
{
	struct header direction = pull_first(packet, cursor, 1);

	return direction.captured ? link_ppp(packet, cursor) : NETWORK_NONE;
}

static enum network link_pppoe(struct packet *packet, struct cursor *cursor)
{
	struct header header = pull_first(packet, cursor, PPPOE_HEADER);

	return header.captured == PPPOE_HEADER ? decode_pppoe(packet, cursor, header.bytes) : NETWORK_NONE;
}

/* An address family of the capturing system, in its byte order (tcpdump.org/linktypes, LINKTYPE_NULL). */
static enum network link_family(struct packet *packet, struct cursor *cursor)
{
	uint32_t family = field32(pull_first(packet, cursor, 4), 0);

	switch (family > 0xffff ? __builtin_bswap32(family) : family) {
	case 2:
		return NETWORK_IPV4;
	case 10: /* Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return NETWORK_IPV6;
	default:
		return NETWORK_NONE;
	}
}

enum network decode_link(struct packet *packet, struct cursor *cursor)
{
	packet->link.type = packet->frame->interface->link_type;
	switch (packet->link.type) {
	case LINK_ETHERNET:
		return link_ethernet(packet, cursor);
	case LINK_RAW:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
		return NETWORK_BY_VERSION;
	case LINK_IPV4:
		return NETWORK_IPV4;
	case LINK_IPV6:
		return NETWORK_IPV6;
	case LINK_LINUX_SLL:
		return link_sll(packet, cursor);
	case LINK_LINUX_SLL2:
		return link_sll2(packet, cursor);
	case LINK_NULL:
	case LINK_LOOP:
		return link_family(packet, cursor);
	case LINK_PPP:
	case LINK_PPP_HDLC:
		return link_ppp(packet, cursor);
	case LINK_PPP_WITH_DIR:
		return link_ppp_with_direction(packet, cursor);
	case LINK_PPPOE:
		return link_pppoe(packet, cursor);
	case LINK_CHDLC:
		return link_chdlc(packet, cursor);
	default:
		return NETWORK_NONE;
	}
}
