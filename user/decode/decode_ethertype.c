/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_ether.h>
#include <string.h>

#include "decode/decode_internal.h"

enum {
	ETHERTYPE_OLD_VLAN = 0x9100,
	LENGTH_MAX = 1500, /* IEEE 802.3, 3.2.6: up to here a length, above 1535 a type */
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
static enum network decode_mpls(struct packet *packet, struct cursor *cursor)
{
	struct link_header *link = &packet->link;

	while (link->mpls_count < PACKET_MPLS) {
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
	return field8(cursor_header(cursor, 1), 0) & 1 ? 1 : 2;
}

enum network decode_ppp(struct packet *packet, struct cursor *cursor, const uint8_t *protocol)
{
	switch (protocol[0] & 1 ? protocol[0] : load16(protocol)) {
	case 0x0021: /* RFC 1332, 2 */
		return NETWORK_IPV4;
	case 0x0057: /* RFC 5072, 2 */
		return NETWORK_IPV6;
	case 0x0281: /* RFC 3032, 4.3 */
	case 0x0283:
		return decode_mpls(packet, cursor);
	default:
		return NETWORK_NONE;
	}
}

/* RFC 2516, 4. */
enum network decode_pppoe(struct packet *packet, struct cursor *cursor, const uint8_t *header)
{
	const uint8_t *protocol;

	packet->link.fields |= LINK_FIELD_PPPOE_SESSION;
	packet->link.pppoe_session = load16(header + 2);
	promise(packet, cursor, load16(header + 4));
	if (load16(header) != 0x1100) {
		decode_malformed(packet, "PPPoE version, type or code other than that of session data");
		return NETWORK_NONE;
	}
	protocol = pull(packet, cursor, decode_ppp_protocol_size(cursor));
	return protocol ? decode_ppp(packet, cursor, protocol) : NETWORK_NONE;
}

enum network decode_ethertype(struct packet *packet, struct cursor *cursor, uint16_t type)
{
	const uint8_t *pppoe;

	packet->link.fields |= LINK_FIELD_ETHERTYPE;
	packet->link.ethertype = type;
	switch (type) {
	case ETH_P_IP:
		return NETWORK_IPV4;
	case ETH_P_IPV6:
		return NETWORK_IPV6;
	case ETH_P_MPLS_UC:
	case ETH_P_MPLS_MC:
		return decode_mpls(packet, cursor);
	case ETH_P_PPP_SES:
		pppoe = pull(packet, cursor, 6);
		return pppoe ? decode_pppoe(packet, cursor, pppoe) : NETWORK_NONE;
	default:
		return NETWORK_NONE;
	}
}

static bool is_tag(uint16_t type)
{
	return type == ETH_P_8021Q || type == ETH_P_8021AD || type == ETHERTYPE_OLD_VLAN;
}

/* IEEE 802.1Q, 9.6. Returns the type or length behind the tags. */
static uint16_t decode_tags(struct packet *packet, struct cursor *cursor, uint16_t type)
{
	struct link_header *link = &packet->link;

	while (is_tag(type) && link->vlan_count < PACKET_VLANS) {
		struct vlan *vlan = &link->vlan[link->vlan_count];
		const uint8_t *tag = pull(packet, cursor, 4);

		if (!tag)
			break;
		link->vlan_count++;
		vlan->tpid = type;
		vlan->priority = tag[0] >> 5;
		vlan->dei = tag[0] >> 4 & 1;
		vlan->id = load16(tag) & 0xfff;
		type = load16(tag + 2);
	}
	return type;
}

/* RFC 1042: LLC and SNAP with an organisation of zero carry an ethertype. Other LLC is payload. */
static uint16_t decode_llc(struct packet *packet, struct cursor *cursor)
{
	static const uint8_t snap[] = {0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00};
	struct header header = cursor_header(cursor, 8);
	bool is_snap = header.captured >= 3 && memcmp(header.bytes, snap, 3) == 0;
	uint32_t size = is_snap ? 8 : 3;

	if (header.captured < size)
		decode_short(packet, cursor, LAYER_LINK, size);
	if (header.captured < 8 || memcmp(header.bytes, snap, sizeof(snap)) != 0)
		return 0;
	cursor_skip(cursor, 8);
	return load16(header.bytes + 6);
}

enum network decode_type_or_length(struct packet *packet, struct cursor *cursor, uint16_t type)
{
	type = decode_tags(packet, cursor, type);
	if (type <= LENGTH_MAX) {
		promise(packet, cursor, type);
		type = decode_tags(packet, cursor, decode_llc(packet, cursor));
	}
	return type > LENGTH_MAX ? decode_ethertype(packet, cursor, type) : NETWORK_NONE;
}

enum network decode_cooked(struct packet *packet, struct cursor *cursor, uint16_t protocol)
{
	if (protocol == ETH_P_802_2)
		protocol = decode_llc(packet, cursor);
	protocol = decode_tags(packet, cursor, protocol);
	return protocol > LENGTH_MAX ? decode_ethertype(packet, cursor, protocol) : NETWORK_NONE;
}
