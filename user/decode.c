/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode.h"

#include <netinet/in.h>
#include <string.h>

#include "decode_layers.h"

void decode_malformed(struct packet *packet, const char *why)
{
	if (!packet->malformed)
		packet->malformed = why;
}

void decode_short(struct packet *packet, const struct cursor *cursor, enum layer layer, uint64_t size)
{
	static const char *const ends[] = {
		[LAYER_LINK] = "the frame ends inside the link-level header",
		[LAYER_IP] = "the packet ends inside the IP header",
		[LAYER_TCP] = "the packet ends inside the TCP header",
		[LAYER_UDP] = "the packet ends inside the UDP header",
	};

	bool continues = layer > LAYER_IP && packet->ip.is_fragment;

	if (cursor->length < size && !continues)
		decode_malformed(packet, ends[layer]);
	else
		packet->truncated = layer;
}

void decode_options(struct packet *packet, const uint8_t *options, uint32_t length, bool cut)
{
	enum { END = 0, NO_OPERATION = 1 };
	uint32_t at = 0;

	while (at < length && options[at] != END) {
		if (options[at] == NO_OPERATION) {
			at++;
			continue;
		}
		if (at + 1 == length)
			break;
		if (options[at + 1] < 2) {
			decode_malformed(packet, "option length below 2");
			return;
		}
		at += options[at + 1];
	}
	if (!cut && (at > length || (at < length && options[at] != END)))
		decode_malformed(packet, "option beyond the end of the header");
}

void decode(const struct frame *frame, struct packet *packet)
{
	/* Some writers put more into a file than they say was on the wire. */
	uint32_t length = frame->length > frame->captured ? frame->length : frame->captured;
	struct cursor cursor = {.at = frame->bytes, .captured = frame->captured, .length = length};
	struct upper upper = {0};
	enum network network;

	memset(packet, 0, sizeof(*packet));
	packet->frame = frame;
	network = decode_link(packet, &cursor);
	if (network != NETWORK_NONE)
		decode_ip(packet, &cursor, network, &upper);
	if (upper.follows && packet->ip.transport == IPPROTO_TCP)
		decode_tcp(packet, &cursor, &upper);
	else if (upper.follows && packet->ip.transport == IPPROTO_UDP)
		decode_udp(packet, &cursor, &upper);
	packet->payload = (struct payload){cursor.at, cursor.captured, cursor.length, !cursor.lost};
}
