/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet_dump.h"

#include "hexdump.h"

/* Bytes of the IP packet that are here, without link-level padding. A length that cannot be, or zero, as a superpacket
 * has, says nothing: then all up to the end of the payload. */
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

void packet_dump(struct text_sink *text, const struct packet *packet)
{
	if (text->style.ascii)
		asciidump(&text->output, packet->payload.bytes, packet->payload.captured);
	else if (text->style.link || !packet->ip.version)
		hexdump(&text->output, packet->frame->bytes, packet->frame->captured);
	else
		hexdump(&text->output, packet->ip.start, ip_captured(packet));
}
