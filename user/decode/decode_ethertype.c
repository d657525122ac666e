/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode_internal.h"
#include "layers.h"
#include "protocols.h"

/*
 * What stands between the link-level and the IP header. include/dissect_tags.h follows the same for the filter: both
 * count layers alike, and stop at the same one.
 */

enum {
	TYPE_LLC = 4, /* the kernel's own number for LLC in a cooked header (ETH_P_802_2) */
	NOWHERE = -1, /* in place of a type: nothing that is followed */
};

/* A header behind the first one; NULL when it is not all there: what there is of it is payload then. */
static const uint8_t *pull(struct packet *packet, struct cursor *cursor, uint32_t size)
{
	const uint8_t *header = cursor_pull(cursor, size);

	if (!header)
		decode_short(packet, cursor, LAYER_LINK, size);
	return header;
}

/* A length field of the link level: what is here beyond it is padding. */
static void promise(struct packet *packet, struct cursor *cursor, uint16_t length)
{
	if (length > cursor->length)
		decode_malformed(packet, "link-level length beyond the end of the frame");
	else
		cursor_promise(cursor, length);
}

/* RFC 3032, 2.1. What follows the stack is not said; IP is told by its version. */
static enum network decode_mpls(struct packet *packet, struct cursor *cursor, unsigned int layers)
{
	struct link_header *link = &packet->link;

	for (; layers < LINK_LAYERS_MAX; layers++) {
		const uint8_t *entry = pull(packet, cursor, 4);
		struct mpls *mpls = &link->mpls[link->mpls_count];

		if (!entry)
			return NETWORK_NONE;
		link->mpls_count++;
		mpls->label = load32(entry) >> 12;
		mpls->traffic_class = entry[2] >> 1 & 7;
		mpls->bottom = entry[2] & 1;
		mpls->ttl = entry[3];
		if (mpls->bottom)
			return NETWORK_BY_VERSION;
	}
	return NETWORK_NONE;
}

uint32_t decode_ppp_protocol_size(const struct cursor *cursor)
{
	return is_ppp_protocol_short(field8(cursor_header(cursor, 1), 0)) ? 1 : 2;
}

static enum network follow_ppp(struct packet *packet, struct cursor *cursor, const uint8_t *protocol,
			       unsigned int layers)
{
	switch (ppp_ethertype(is_ppp_protocol_short(protocol[0]) ? protocol[0] : load16(protocol))) {
	case ETHERTYPE_IPV4:
		return NETWORK_IPV4;
	case ETHERTYPE_IPV6:
		return NETWORK_IPV6;
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return decode_mpls(packet, cursor, layers);
	default:
		return NETWORK_NONE;
	}
}

enum network decode_ppp(struct packet *packet, struct cursor *cursor, const uint8_t *protocol)
{
	return follow_ppp(packet, cursor, protocol, 0);
}

static enum network follow_pppoe(struct packet *packet, struct cursor *cursor, const uint8_t *header,
				 unsigned int layers)
{
	const uint8_t *protocol;

	packet->link.fields |= LINK_FIELD_PPPOE_SESSION;
	packet->link.pppoe_session = load16(header + 2);
	promise(packet, cursor, load16(header + 4));
	if (load16(header) != PPPOE_SESSION_DATA) {
		decode_malformed(packet, "PPPoE version, type or code other than that of session data");
		return NETWORK_NONE;
	}
	protocol = pull(packet, cursor, decode_ppp_protocol_size(cursor));
	return protocol ? follow_ppp(packet, cursor, protocol, layers + 1) : NETWORK_NONE;
}

enum network decode_pppoe(struct packet *packet, struct cursor *cursor, const uint8_t *header)
{
	return follow_pppoe(packet, cursor, header, 0);
}

/* Behind so many layers. */
static enum network follow_ethertype(struct packet *packet, struct cursor *cursor, uint16_t type, unsigned int layers)
{
	const uint8_t *pppoe;

	packet->link.fields |= LINK_FIELD_ETHERTYPE;
	packet->link.ethertype = type;
	switch (type) {
	case ETHERTYPE_IPV4:
		return NETWORK_IPV4;
	case ETHERTYPE_IPV6:
		return NETWORK_IPV6;
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return decode_mpls(packet, cursor, layers);
	case ETHERTYPE_PPPOE_SESSION:
		pppoe = layers < LINK_LAYERS_MAX ? pull(packet, cursor, PPPOE_HEADER) : NULL;
		return pppoe ? follow_pppoe(packet, cursor, pppoe, layers) : NETWORK_NONE;
	default:
		return NETWORK_NONE;
	}
}

enum network decode_ethertype(struct packet *packet, struct cursor *cursor, uint16_t type)
{
	return follow_ethertype(packet, cursor, type, 0);
}

/* IEEE 802.1Q, 9.6. Returns the type or length behind the tag, or NOWHERE. */
static int decode_tag(struct packet *packet, struct cursor *cursor, uint16_t type)
{
	struct link_header *link = &packet->link;
	struct vlan *vlan = &link->vlan[link->vlan_count];
	const uint8_t *tag = pull(packet, cursor, 4);

	if (!tag)
		return NOWHERE;
	link->vlan_count++;
	vlan->tpid = type;
	vlan->priority = tag[0] >> 5;
	vlan->dei = tag[0] >> 4 & 1;
	vlan->id = load16(tag) & 0xfff;
	return load16(tag + 2);
}

/* The ethertype in a SNAP header, or NOWHERE. Other LLC is payload. */
static int decode_llc(struct packet *packet, struct cursor *cursor)
{
	struct header header = cursor_header(cursor, LLC_SNAP_HEADER);
	uint32_t size = header.captured >= 3 && is_llc_snap(header.bytes) ? LLC_SNAP_HEADER : 3;
	uint16_t type;

	if (header.captured < size)
		decode_short(packet, cursor, LAYER_LINK, size);
	if (header.captured < LLC_SNAP_HEADER || !is_llc_ethernet(header.bytes))
		return NOWHERE;
	cursor_skip(cursor, LLC_SNAP_HEADER);
	type = llc_ethertype(header.bytes);
	return type ? type : NOWHERE;
}

static int decode_length(struct packet *packet, struct cursor *cursor, uint16_t length)
{
	promise(packet, cursor, length);
	return decode_llc(packet, cursor);
}

enum network decode_type_or_length(struct packet *packet, struct cursor *cursor, uint16_t type)
{
	unsigned int layers = 0;

	for (; layers < LINK_LAYERS_MAX && (is_vlan(type) || is_length(type)); layers++) {
		int next = is_vlan(type) ? decode_tag(packet, cursor, type) : decode_length(packet, cursor, type);

		if (next == NOWHERE)
			break;
		type = (uint16_t)next;
	}
	return is_length(type) ? NETWORK_NONE : follow_ethertype(packet, cursor, type, layers);
}

enum network decode_cooked(struct packet *packet, struct cursor *cursor, uint16_t protocol)
{
	int type = protocol == TYPE_LLC ? decode_llc(packet, cursor) : is_length(protocol) ? NOWHERE : protocol;

	return type == NOWHERE ? NETWORK_NONE : decode_type_or_length(packet, cursor, (uint16_t)type);
}
