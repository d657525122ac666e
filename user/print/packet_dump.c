/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/packet_dump.h"

#include "print/hexdump.h"

/* Captured bytes of the IP packet, without link-level padding. If its length is impossible, or zero as in a
 * superpacket, they end where the payload does. */
static uint32_t ip_captured(const struct packet *packet)
{
	const struct ip_header *ip = &packet->ip;
	uint32_t here = packet->frame->captured - (uint32_t)(ip->start - packet->frame->bytes);
	uint32_t promised = ip->total_length;

	if (ip->version == 6 && promised)
		promised += ip->header_length;
	if (promised < ip->header_length)
		return (uint32_t)(packet->payload.bytes - ip->start) + packet->payload.captured;
	return promised < here ? promised : here;
}

/* The bytes of each header have its color. */
static void dump_tinted(struct text_sink *text, const struct packet *packet, const uint8_t *bytes, uint32_t length)
{
	const struct ip_header *ip = &packet->ip;
	uint32_t link = ip->version ? (uint32_t)(ip->start - bytes) : packet->link.captured;
	uint32_t network = link + (ip->version ? ip->captured : 0);
	uint32_t transport = packet->tcp.present   ? packet->tcp.captured
			     : packet->udp.present ? packet->udp.captured
						   : 0;
	const struct tint tints[TINTS_MAX] = {
		{link, COLOR_LINK},
		{network, COLOR_NETWORK},
		{network + transport, COLOR_TRANSPORT},
	};

	hexdump_tinted(&text->output, bytes, length, text->palette, tints, TINTS_MAX);
}

static void dump(struct text_sink *text, const struct packet *packet, const uint8_t *bytes, uint32_t length)
{
	if (text->style.color)
		dump_tinted(text, packet, bytes, length);
	else
		hexdump(&text->output, bytes, length);
}

void packet_dump(struct text_sink *text, const struct packet *packet)
{
	if (text->style.link || !packet->ip.version)
		dump(text, packet, packet->frame->bytes, packet->frame->captured);
	else
		dump(text, packet, packet->ip.start, ip_captured(packet));
}
