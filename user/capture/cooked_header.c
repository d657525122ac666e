/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/cooked_header.h"

#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <string.h>

#include "protocols.h"

/* As it lies in the frame, in network byte order. */
struct cooked_header {
	uint16_t packet_type;
	uint16_t hardware_type;
	uint16_t address_length;
	uint8_t address[8]; /* of the sender */
	uint16_t protocol;
};

_Static_assert(sizeof(struct cooked_header) == COOKED_HEADER, "as on disk");

void link_header_remove(struct frame *frame, uint32_t length)
{
	uint32_t captured = length < frame->captured ? length : frame->captured;

	frame->bytes += captured;
	frame->captured -= captured;
	frame->length -= length < frame->length ? length : frame->length;
}

/* For some hardware types readers take the protocol for something else than an ethertype, or look for further headers
 * (tcpdump.org/linktypes): a device of such a type that shows IP is not what it says. */
static uint16_t hardware_type_of(const struct sockaddr_ll *address)
{
	if (!is_ip(ntohs(address->sll_protocol)))
		return address->sll_hatype;
	switch (address->sll_hatype) {
	case ARPHRD_FRAD:
	case ARPHRD_IEEE80211:
	case ARPHRD_IEEE80211_PRISM:
	case ARPHRD_IEEE80211_RADIOTAP:
	case ARPHRD_NETLINK:
		return ARPHRD_VOID;
	default:
		return address->sll_hatype;
	}
}

void cooked_header_put(struct frame *frame, uint8_t *bytes, const struct sockaddr_ll *address)
{
	struct cooked_header header = {
		.packet_type = htons(address->sll_pkttype),
		.hardware_type = htons(hardware_type_of(address)),
		.address_length = htons(address->sll_halen),
		.protocol = address->sll_protocol,
	};

	memcpy(header.address, address->sll_addr,
	       address->sll_halen < sizeof(header.address) ? address->sll_halen : sizeof(header.address));
	memcpy(bytes - sizeof(header), &header, sizeof(header));
	frame->bytes = bytes - sizeof(header);
	frame->length += sizeof(header);
	frame->captured += sizeof(header);
}
