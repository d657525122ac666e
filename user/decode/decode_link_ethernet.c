/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_ether.h>
#include <string.h>

#include "decode/decode_link_internal.h"
#include "protocols.h"

/* Ethernet, and what other link-level headers share with it. */

struct header link_pull(struct packet *packet, struct cursor *cursor, uint32_t size)
{
	struct header header = cursor_header(cursor, size);

	if (header.captured < size)
		decode_short(packet, cursor, LAYER_LINK, size);
	cursor_skip(cursor, size);
	packet->link.captured += (uint16_t)header.captured;
	return header;
}

void link_set_source(struct link_header *link, const uint8_t *bytes)
{
	if (!bytes)
		return;
	link->fields |= LINK_FIELD_SOURCE;
	memcpy(link->source, bytes, sizeof(link->source));
}

void link_set_destination(struct link_header *link, const uint8_t *bytes)
{
	if (!bytes)
		return;
	link->fields |= LINK_FIELD_DESTINATION;
	memcpy(link->destination, bytes, sizeof(link->destination));
}

enum network link_llc(struct packet *packet, struct cursor *cursor)
{
	return decode_cooked(packet, cursor, ETH_P_802_2);
}

enum network link_ethernet(struct packet *packet, struct cursor *cursor)
{
	struct link_header *link = &packet->link;
	struct header header = link_pull(packet, cursor, ETHERNET_HEADER);

	link_set_destination(link, field_bytes(header, 0, 6));
	link_set_source(link, field_bytes(header, 6, 6));
	return header.captured == ETHERNET_HEADER
		       ? decode_type_or_length(packet, cursor, load16(header.bytes + ETHERNET_TYPE))
		       : NETWORK_NONE;
}
