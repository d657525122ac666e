/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode_link_internal.h"

/* IEEE 802.11, in the open: what is encrypted, or one of several fragments, is payload. */

enum {
	CONTROL_TYPE = 0x0c, /* of the first byte of frame control */
	TYPE_DATA = 0x08,
	SUBTYPE_WITHOUT_DATA = 0x40,
	SUBTYPE_QOS = 0x80,
	TO_DS = 0x01, /* of the second */
	FROM_DS = 0x02,
	MORE_FRAGMENTS = 0x04,
	PROTECTED = 0x40,
	HT_CONTROL = 0x80, /* in QoS data */
};

enum {
	DATA_HEADER = 24,
	FOURTH_ADDRESS = 24, /* its offset */
	ADDRESS = 6,
	QOS = 2,
	HT = 4,
	AGGREGATED = 0x80, /* of the first byte of QoS control: several frames with a header each */
	AGGREGATED_HEADER = 14,
};

/* Of a data frame (IEEE 802.11, 9.3.2.1). */
static uint32_t header_length(uint8_t subtype, uint8_t flags)
{
	uint32_t length = DATA_HEADER;

	if (flags & TO_DS && flags & FROM_DS)
		length += ADDRESS;
	if (subtype & SUBTYPE_QOS)
		length += flags & HT_CONTROL ? QOS + HT : QOS;
	return length;
}

static void set_addresses(struct link_header *link, struct header header, uint8_t flags)
{
	uint32_t destination = flags & TO_DS ? 16 : 4;
	uint32_t source = !(flags & FROM_DS) ? 10 : flags & TO_DS ? FOURTH_ADDRESS : 16;

	link_set_destination(link, field_bytes(header, destination, ADDRESS));
	link_set_source(link, field_bytes(header, source, ADDRESS));
}

static bool is_fragment(struct header header, uint8_t flags)
{
	return flags & MORE_FRAGMENTS || header.bytes[22] & 0x0f;
}

static bool is_aggregated(struct header header, uint8_t subtype, uint8_t flags)
{
	uint32_t qos = flags & TO_DS && flags & FROM_DS ? DATA_HEADER + ADDRESS : DATA_HEADER;

	return subtype & SUBTYPE_QOS && header.bytes[qos] & AGGREGATED;
}

/* `padding`: behind the header, up to a multiple of four bytes. */
static enum network data_frame(struct packet *packet, struct cursor *cursor, bool padding)
{
	struct header control = cursor_header(cursor, 2), header;
	uint8_t subtype = field8(control, 0), flags = field8(control, 1);
	uint32_t length = header_length(subtype, flags);
	uint32_t padded = padding ? (length + 3) & ~3U : length;

	if (control.captured == 2 && (subtype & CONTROL_TYPE) != TYPE_DATA)
		return NETWORK_NONE;
	header = link_pull(packet, cursor, padded);
	if (control.captured == 2)
		set_addresses(&packet->link, header, flags);
	if (header.captured < padded || subtype & SUBTYPE_WITHOUT_DATA || flags & PROTECTED ||
	    is_fragment(header, flags))
		return NETWORK_NONE;
	if (is_aggregated(header, subtype, flags) &&
	    link_pull(packet, cursor, AGGREGATED_HEADER).captured < AGGREGATED_HEADER)
		return NETWORK_NONE;
	return link_llc(packet, cursor);
}

enum network link_ieee80211(struct packet *packet, struct cursor *cursor)
{
	return data_frame(packet, cursor, false);
}

/* A Prism header, or one of AVS in its place (tcpdump.org/linktypes, LINKTYPE_IEEE802_11_PRISM). */
enum network link_prism(struct packet *packet, struct cursor *cursor)
{
	enum { FIRST_FIELDS = 8, AVS_MAGIC = 0x80211000, AVS_VERSION = 0xfff, LENGTH_MAX = 1024 };
	struct header fields = cursor_header(cursor, FIRST_FIELDS);
	uint32_t magic = field32(fields, 0), length = field32(fields, 4);

	if (fields.captured < FIRST_FIELDS) {
		link_pull(packet, cursor, FIRST_FIELDS);
		return NETWORK_NONE;
	}
	if ((magic & ~(uint32_t)AVS_VERSION) != AVS_MAGIC && length > LENGTH_MAX)
		length = load32_little(fields.bytes + 4); /* in the byte order of the machine */
	if (length < FIRST_FIELDS || length > LENGTH_MAX) {
		decode_malformed(packet, "length of the Prism header");
		return NETWORK_NONE;
	}
	return link_pull(packet, cursor, length).captured == length ? data_frame(packet, cursor, false) : NETWORK_NONE;
}

/* The flags among the fields of a radiotap header (radiotap.org), 0 when they are not there. */
static uint8_t radiotap_flags(struct header header)
{
	enum { HAS_TIME = 1, HAS_FLAGS = 2, PRESENT = 4, FIRST_FIELD = 8 };
	uint32_t at = FIRST_FIELD, present = load32_little(header.bytes + PRESENT), more = present;

	while (more >> 31 && at + 4 <= header.captured) {
		more = load32_little(header.bytes + at);
		at += 4;
	}
	if (present & HAS_TIME) /* 8 bytes, at a multiple of that */
		at = ((at + 7) & ~7U) + 8;
	return present & HAS_FLAGS ? field8(header, at) : 0;
}

enum network link_radiotap(struct packet *packet, struct cursor *cursor)
{
	enum { FIRST_FIELDS = 8, LENGTH = 2, FLAG_PADDING = 0x20 };
	struct header fields = cursor_header(cursor, FIRST_FIELDS), header;
	uint32_t length;

	if (fields.captured < FIRST_FIELDS) {
		link_pull(packet, cursor, FIRST_FIELDS);
		return NETWORK_NONE;
	}
	length = load16_little(fields.bytes + LENGTH);
	if (length < FIRST_FIELDS) {
		decode_malformed(packet, "radiotap length below 8");
		return NETWORK_NONE;
	}
	header = link_pull(packet, cursor, length);
	return header.captured == length ? data_frame(packet, cursor, radiotap_flags(header) & FLAG_PADDING)
					 : NETWORK_NONE;
}
