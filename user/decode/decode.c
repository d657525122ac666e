/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode.h"

#include <string.h>

#include "decode/decode_internal.h"
#include "protocols.h"

struct cursor decode_start(const struct frame *frame)
{
	/* Some writers put more into a file than they say was on the wire. */
	uint32_t length = frame->length > frame->captured ? frame->length : frame->captured;

	return (struct cursor){.at = frame->bytes, .captured = frame->captured, .length = length};
}

void decode(const struct frame *frame, struct packet *packet)
{
	struct cursor cursor = decode_start(frame);
	struct transport_start start = {0};
	enum network network;

	memset(packet, 0, sizeof(*packet));
	packet->frame = frame;
	network = decode_link(packet, &cursor);
	if (network != NETWORK_NONE)
		decode_ip(packet, &cursor, network, &start);
	if (start.follows && packet->ip.transport == PROTOCOL_TCP)
		decode_tcp(packet, &cursor, &start);
	else if (start.follows && packet->ip.transport == PROTOCOL_UDP)
		decode_udp(packet, &cursor, &start);
	packet->payload = (struct payload){cursor.at, cursor.captured, cursor.length, !cursor.lost};
}
