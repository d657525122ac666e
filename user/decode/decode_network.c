/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode_network.h"

#include "decode/decode_internal.h"
#include "protocols.h"

static uint16_t ethertype_of(enum network network, const struct cursor *cursor)
{
	uint8_t version = cursor->captured ? *cursor->at >> 4 : 0;

	if (network == NETWORK_IPV4 || (network == NETWORK_BY_VERSION && version == 4))
		return ETHERTYPE_IPV4;
	if (network == NETWORK_IPV6 || (network == NETWORK_BY_VERSION && version == 6))
		return ETHERTYPE_IPV6;
	return 0;
}

struct network_place decode_network(const struct frame *frame)
{
	struct packet packet = {.frame = frame};
	struct cursor cursor = decode_start(frame);
	enum network network = decode_link(&packet, &cursor);
	uint32_t offset = (uint32_t)(cursor.at - frame->bytes);

	return (struct network_place){ethertype_of(network, &cursor), offset, offset + cursor.captured};
}
