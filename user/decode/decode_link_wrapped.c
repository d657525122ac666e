/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode_link_internal.h"

/* What capture systems put in front of frames: NFLOG, PKTAP, PPI. */

enum {
	NFLOG_HEADER = 4, /* address family, version, resource */
	NFLOG_FIELD = 4,  /* length and type in front of each value */
	NFLOG_PAYLOAD = 9,
	FAMILY_IPV4 = 2, /* of Linux, where such files come from */
	FAMILY_IPV6 = 10,
};

/* The offset of the payload behind the fields, in the byte order that is asked for; 0: there is none. */
static uint32_t nflog_payload(struct header header, uint16_t (*load)(const uint8_t *bytes), uint32_t *length)
{
	uint32_t at = NFLOG_HEADER;

	while (at + NFLOG_FIELD <= header.captured) {
		uint32_t size = load(header.bytes + at), type = load(header.bytes + at + 2) & 0x7fff;

		if (size < NFLOG_FIELD)
			return 0;
		*length = size - NFLOG_FIELD;
		if (type == NFLOG_PAYLOAD)
			return at + NFLOG_FIELD;
		at += (size + 3) & ~3U;
	}
	return 0;
}

static uint16_t load16_big(const uint8_t *bytes)
{
	return load16(bytes);
}

/* tcpdump.org/linktypes, LINKTYPE_NFLOG: fields in the byte order of the machine, one of which is the packet. */
enum network link_nflog(struct packet *packet, struct cursor *cursor)
{
	struct header all = cursor_header(cursor, UINT16_MAX);
	uint32_t length = 0, payload;

	if (all.captured < NFLOG_HEADER) {
		link_pull(packet, cursor, NFLOG_HEADER);
		return NETWORK_NONE;
	}
	payload = nflog_payload(all, load16_little, &length);
	if (!payload)
		payload = nflog_payload(all, load16_big, &length);
	if (!payload) {
		link_pull(packet, cursor, NFLOG_HEADER);
		return NETWORK_NONE;
	}
	link_pull(packet, cursor, payload);
	if (length < cursor->length)
		cursor_promise(cursor, length);
	switch (all.bytes[0]) {
	case FAMILY_IPV4:
		return NETWORK_IPV4;
	case FAMILY_IPV6:
		return NETWORK_IPV6;
	default:
		return NETWORK_NONE;
	}
}

/* Step over a header whose length and inner link type stand at its beginning. */
static uint16_t unwrap(struct packet *packet, struct cursor *cursor, uint32_t length, uint32_t link_type)
{
	if (link_pull(packet, cursor, length).captured < length)
		return LINK_UNKNOWN;
	return link_type < LINK_UNKNOWN ? (uint16_t)link_type : LINK_UNKNOWN;
}

/* tcpdump.org/linktypes, LINKTYPE_PKTAP: macOS names interface and process of a frame. */
uint16_t link_pktap(struct packet *packet, struct cursor *cursor)
{
	enum { HEADER = 108, LENGTH_MAX = 4096, RECORD_PACKET = 1 };
	struct header header = cursor_header(cursor, HEADER);
	uint32_t length;

	if (header.captured < HEADER) {
		link_pull(packet, cursor, HEADER);
		return LINK_UNKNOWN;
	}
	length = load32_little(header.bytes);
	if (length < HEADER || length > LENGTH_MAX) {
		decode_malformed(packet, "length of the PKTAP header");
		return LINK_UNKNOWN;
	}
	if (load32_little(header.bytes + 4) != RECORD_PACKET)
		return LINK_UNKNOWN;
	return unwrap(packet, cursor, length, load32_little(header.bytes + 8));
}

/* Per-Packet Information (tcpdump.org/linktypes, LINKTYPE_PPI): version, flags, length, link type, all little-endian.
 */
uint16_t link_ppi(struct packet *packet, struct cursor *cursor)
{
	enum { HEADER = 8 };
	struct header header = cursor_header(cursor, HEADER);
	uint32_t length;

	if (header.captured < HEADER) {
		link_pull(packet, cursor, HEADER);
		return LINK_UNKNOWN;
	}
	length = load16_little(header.bytes + 2);
	if (length < HEADER) {
		decode_malformed(packet, "PPI length below 8");
		return LINK_UNKNOWN;
	}
	return unwrap(packet, cursor, length, load32_little(header.bytes + 4));
}
