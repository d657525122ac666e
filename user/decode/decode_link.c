/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode_link_internal.h"
#include "protocols.h"

/* Of <linux/if_arp.h>: devices for which a cooked header does not say an ethertype. */
enum {
	HARDWARE_FRAME_RELAY = 770,
	HARDWARE_IEEE80211 = 801,
	HARDWARE_IEEE80211_PRISM = 802,
	HARDWARE_IEEE80211_RADIOTAP = 803,
};

/* Behind a Linux cooked header. For some hardware types what follows is not what the protocol says. */
static enum network link_cooked(struct packet *packet, struct cursor *cursor, uint16_t hardware_type, uint16_t protocol)
{
	switch (hardware_type) {
	case HARDWARE_FRAME_RELAY:
		return link_frame_relay(packet, cursor);
	case HARDWARE_IEEE80211:
		return link_ieee80211(packet, cursor);
	case HARDWARE_IEEE80211_PRISM:
		return link_prism(packet, cursor);
	case HARDWARE_IEEE80211_RADIOTAP:
		return link_radiotap(packet, cursor);
	default:
		return decode_cooked(packet, cursor, protocol);
	}
}

/* The Linux cooked headers (tcpdump.org/linktypes, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2). */
static enum network link_sll(struct packet *packet, struct cursor *cursor)
{
	struct link_header *link = &packet->link;
	struct header header = link_pull(packet, cursor, COOKED_HEADER);

	if (field16(header, 4) == 6)
		link_set_source(link, field_bytes(header, 6, 6));
	return header.captured == COOKED_HEADER
		       ? link_cooked(packet, cursor, load16(header.bytes + 2), load16(header.bytes + 14))
		       : NETWORK_NONE;
}

static enum network link_sll2(struct packet *packet, struct cursor *cursor)
{
	struct link_header *link = &packet->link;
	struct header header = link_pull(packet, cursor, COOKED2_HEADER);

	if (field8(header, 11) == 6)
		link_set_source(link, field_bytes(header, 12, 6));
	return header.captured == COOKED2_HEADER
		       ? link_cooked(packet, cursor, load16(header.bytes + 8), load16(header.bytes))
		       : NETWORK_NONE;
}

/* Cisco HDLC: address, control, ethertype (tcpdump.org/linktypes, LINKTYPE_C_HDLC). */
static enum network link_chdlc(struct packet *packet, struct cursor *cursor)
{
	struct header header = link_pull(packet, cursor, 4);

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
		link_pull(packet, cursor, 2);
	size = decode_ppp_protocol_size(cursor);
	header = link_pull(packet, cursor, size);
	return header.captured == size ? decode_ppp(packet, cursor, header.bytes) : NETWORK_NONE;
}

/* In place of the address a direction stands (tcpdump.org/linktypes, LINKTYPE_PPP_PPPD). */
static enum network link_pppd(struct packet *packet, struct cursor *cursor)
{
	struct header header = link_pull(packet, cursor, 2);
	uint32_t size = decode_ppp_protocol_size(cursor);

	if (header.captured < 2)
		return NETWORK_NONE;
	header = link_pull(packet, cursor, size);
	return header.captured == size ? decode_ppp(packet, cursor, header.bytes) : NETWORK_NONE;
}

/* A byte with the direction stands in front of the rest. */
static enum network link_with_direction(struct packet *packet, struct cursor *cursor,
					enum network (*rest)(struct packet *, struct cursor *))
{
	return link_pull(packet, cursor, 1).captured ? rest(packet, cursor) : NETWORK_NONE;
}

static enum network link_pppoe(struct packet *packet, struct cursor *cursor)
{
	struct header header = link_pull(packet, cursor, PPPOE_HEADER);

	return header.captured == PPPOE_HEADER ? decode_pppoe(packet, cursor, header.bytes) : NETWORK_NONE;
}

/* An address family of the capturing system, in its byte order (tcpdump.org/linktypes, LINKTYPE_NULL). */
static enum network link_family(struct packet *packet, struct cursor *cursor)
{
	uint32_t family = field32(link_pull(packet, cursor, 4), 0);

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

/* Local and wireless networks. */
static enum network decode_lan(struct packet *packet, struct cursor *cursor, uint16_t link_type)
{
	switch (link_type) {
	case LINK_TOKEN_RING:
		return link_token_ring(packet, cursor);
	case LINK_FDDI:
		return link_fddi(packet, cursor);
	case LINK_DSA_TAG_BRCM:
	case LINK_DSA_TAG_DSA:
		return link_dsa(packet, cursor);
	case LINK_DSA_TAG_BRCM_PREPEND:
		return link_brcm_prepend(packet, cursor);
	case LINK_DSA_TAG_EDSA:
		return link_edsa(packet, cursor);
	case LINK_IEEE802_11:
		return link_ieee80211(packet, cursor);
	case LINK_IEEE802_11_PRISM:
		return link_prism(packet, cursor);
	case LINK_IEEE802_11_RADIOTAP:
		return link_radiotap(packet, cursor);
	default:
		return NETWORK_NONE;
	}
}

/* Serial lines. */
static enum network decode_serial(struct packet *packet, struct cursor *cursor, uint16_t link_type)
{
	switch (link_type) {
	case LINK_PPP:
	case LINK_PPP_HDLC:
		return link_ppp(packet, cursor);
	case LINK_PPP_PPPD:
		return link_pppd(packet, cursor);
	case LINK_PPP_WITH_DIR:
		return link_with_direction(packet, cursor, link_ppp);
	case LINK_CHDLC:
		return link_chdlc(packet, cursor);
	case LINK_CHDLC_WITH_DIR:
		return link_with_direction(packet, cursor, link_chdlc);
	case LINK_FRELAY:
		return link_frame_relay(packet, cursor);
	case LINK_FRELAY_WITH_DIR:
		return link_with_direction(packet, cursor, link_frame_relay);
	default:
		return decode_lan(packet, cursor, link_type);
	}
}

static enum network decode_link_type(struct packet *packet, struct cursor *cursor, uint16_t link_type)
{
	switch (link_type) {
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
	case LINK_PPPOE:
		return link_pppoe(packet, cursor);
	case LINK_NFLOG:
		return link_nflog(packet, cursor);
	default:
		return decode_serial(packet, cursor, link_type);
	}
}

/* One header of a capture system may stand in front of another link type. */
enum network decode_link(struct packet *packet, struct cursor *cursor)
{
	uint16_t link_type = packet->frame->interface->link_type;

	packet->link.type = link_type;
	if (link_type == LINK_PKTAP)
		link_type = link_pktap(packet, cursor);
	else if (link_type == LINK_PPI)
		link_type = link_ppi(packet, cursor);
	return decode_link_type(packet, cursor, link_type);
}
