/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode_internal.h"
#include "header_option.h"

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
	uint32_t at = 0;

	while (at < length && options[at] != HEADER_OPTION_END) {
		uint32_t step = header_option_step(options + at, length - at);

		if (!step) {
			decode_malformed(packet, "option length below 2");
			return;
		}
		at += step;
	}
	if (!cut && at > length)
		decode_malformed(packet, "option beyond the end of the header");
}

void decode_ip_length(struct packet *packet, struct cursor *cursor, uint64_t length)
{
	if (length > cursor->length)
		decode_malformed(packet, "IP length beyond the end of the frame");
	else if (length)
		cursor_promise(cursor, length);
}

void decode_ip_cut(struct packet *packet, struct cursor *cursor, uint64_t size)
{
	decode_short(packet, cursor, LAYER_IP, size);
	packet->ip.captured += cursor_lose(cursor);
}
