/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "decode/checksum.h"
#include "decode/decode_internal.h"
#include "protocols.h"

/* The sum of the pseudo header (RFC 9293, 3.1; RFC 8200, 8.1). */
static uint64_t add_pseudo_header(const struct packet *packet, const struct cursor *cursor,
				  const struct transport_start *start)
{
	uint32_t address_length = packet->ip.version == 4 ? 4 : 16;
	uint64_t sum = (uint64_t)htonl((uint32_t)cursor->length) + htonl(packet->ip.transport);

	sum = checksum_add(sum, start->source, address_length);
	return checksum_add(sum, start->destination, address_length);
}

/* The checksum over pseudo header and all that the cursor promises. The kernel leaves the sum of the pseudo header in
 * the field for the card, which adds the rest and complements (CHECKSUM_PARTIAL, include/linux/skbuff.h). */
static enum checksum_status verify(const struct packet *packet, const struct cursor *cursor,
				   const struct transport_start *start, uint16_t checksum)
{
	bool cut = cursor->captured < cursor->length;
	uint64_t sum;

	if (packet->frame->offload == OFFLOAD_PENDING)
		return CHECKSUM_OFFLOADED;
	if (packet->ip.is_fragment)
		return CHECKSUM_UNVERIFIED;
	if (packet->frame->offload == OFFLOAD_VALID)
		return CHECKSUM_GOOD;
	if (!start->source || !start->destination)
		return CHECKSUM_UNVERIFIED;
	sum = add_pseudo_header(packet, cursor, start);
	if (!cut && checksum_proves(checksum_add(sum, cursor->at, cursor->captured)))
		return CHECKSUM_GOOD;
	if (checksum_proves(sum + htons((uint16_t)~checksum)))
		return CHECKSUM_OFFLOADED;
	return cut ? CHECKSUM_UNVERIFIED : CHECKSUM_BAD;
}

static uint16_t tcp_fields(struct header header)
{
	enum {
		ALL = TCP_FIELD_SOURCE_PORT | TCP_FIELD_DESTINATION_PORT | TCP_FIELD_SEQ | TCP_FIELD_ACK |
		      TCP_FIELD_HEADER_LENGTH | TCP_FIELD_FLAGS | TCP_FIELD_WINDOW | TCP_FIELD_CHECKSUM |
		      TCP_FIELD_URGENT,
	};
	static const struct field_end ends[] = {
		{TCP_FIELD_SOURCE_PORT, 2}, {TCP_FIELD_DESTINATION_PORT, 4}, {TCP_FIELD_SEQ, 8},
		{TCP_FIELD_ACK, 12},        {TCP_FIELD_HEADER_LENGTH, 13},   {TCP_FIELD_FLAGS, 14},
		{TCP_FIELD_WINDOW, 16},     {TCP_FIELD_CHECKSUM, 18},        {TCP_FIELD_URGENT, 20},
	};

	return header.captured == TCP_HEADER ? ALL : fields_captured(header, ends, sizeof(ends) / sizeof(*ends));
}

/* The fields of RFC 9293, 3.1. */
static void fill_tcp(struct tcp_header *tcp, struct header header)
{
	tcp->fields = tcp_fields(header);
	tcp->source_port = field16(header, 0);
	tcp->destination_port = field16(header, 2);
	tcp->seq = field32(header, 4);
	tcp->ack = field32(header, 8);
	tcp->header_length = (field8(header, 12) >> 4) * 4;
	tcp->flags = field16(header, 12) & 0xfff;
	tcp->window = field16(header, 14);
	tcp->checksum = field16(header, 16);
	tcp->urgent = field16(header, 18);
}

void decode_tcp(struct packet *packet, struct cursor *cursor, const struct transport_start *start)
{
	struct tcp_header *tcp = &packet->tcp;
	struct header header = cursor_header(cursor, TCP_HEADER);

	tcp->present = cursor->length > 0;
	fill_tcp(tcp, header);
	tcp->checksum_status = CHECKSUM_UNVERIFIED;
	if (tcp_has(tcp, TCP_FIELD_CHECKSUM))
		tcp->checksum_status = verify(packet, cursor, start, tcp->checksum);
	if (header.captured < TCP_HEADER) {
		decode_short(packet, cursor, LAYER_TCP, TCP_HEADER);
		tcp->captured = cursor_lose(cursor);
		return;
	}
	if (tcp->header_length < TCP_HEADER) {
		decode_malformed(packet, "data offset below 20 bytes");
		tcp->captured = cursor_skip(cursor, TCP_HEADER);
		return;
	}
	header = cursor_header(cursor, tcp->header_length);
	tcp->options = header.bytes + TCP_HEADER;
	tcp->options_length = header.captured - TCP_HEADER;
	if (header.captured < tcp->header_length)
		decode_short(packet, cursor, LAYER_TCP, tcp->header_length);
	decode_options(packet, tcp->options, tcp->options_length, header.captured < tcp->header_length);
	if (cursor->length < tcp->header_length)
		tcp->captured = cursor_lose(cursor);
	else
		tcp->captured = cursor_skip(cursor, tcp->header_length);
}

/* The length field of UDP. Zero is that of a jumbogram (RFC 2675, 4); that of a first fragment goes beyond it. Returns
 * whether the length is known now. */
static bool promise(struct packet *packet, struct cursor *cursor, uint16_t length)
{
	if (length == 0 && cursor->length > UINT16_MAX)
		return true;
	if (length < UDP_HEADER) {
		decode_malformed(packet, "UDP length below 8");
		return false;
	}
	if (length > cursor->length && !packet->ip.is_fragment)
		decode_malformed(packet, "UDP length beyond the end of the IP packet");
	cursor_promise(cursor, length);
	return true;
}

static uint8_t udp_fields(struct header header)
{
	enum {
		ALL = UDP_FIELD_SOURCE_PORT | UDP_FIELD_DESTINATION_PORT | UDP_FIELD_LENGTH | UDP_FIELD_CHECKSUM,
	};
	static const struct field_end ends[] = {
		{UDP_FIELD_SOURCE_PORT, 2},
		{UDP_FIELD_DESTINATION_PORT, 4},
		{UDP_FIELD_LENGTH, 6},
		{UDP_FIELD_CHECKSUM, 8},
	};

	return header.captured == UDP_HEADER ? ALL : fields_captured(header, ends, sizeof(ends) / sizeof(*ends));
}

/* RFC 768 */
void decode_udp(struct packet *packet, struct cursor *cursor, const struct transport_start *start)
{
	struct udp_header *udp = &packet->udp;
	struct header header = cursor_header(cursor, UDP_HEADER);
	bool known;

	udp->present = cursor->length > 0;
	udp->fields = udp_fields(header);
	udp->captured = header.captured;
	udp->source_port = field16(header, 0);
	udp->destination_port = field16(header, 2);
	udp->length = field16(header, 4);
	udp->checksum = field16(header, 6);
	udp->checksum_status = CHECKSUM_UNVERIFIED;
	if (header.captured < UDP_HEADER) {
		decode_short(packet, cursor, LAYER_UDP, UDP_HEADER);
		cursor_lose(cursor);
		return;
	}
	known = promise(packet, cursor, udp->length);
	if (udp->checksum == 0) /* RFC 8200, 8.1: not in IPv6 */
		udp->checksum_status = packet->ip.version == 4 ? CHECKSUM_ABSENT : CHECKSUM_BAD;
	else if (known)
		udp->checksum_status = verify(packet, cursor, start, udp->checksum);
	cursor_skip(cursor, UDP_HEADER);
}
