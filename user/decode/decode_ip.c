/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/checksum.h"
#include "decode/decode_internal.h"
#include "header_option.h"
#include "ip_extension.h"
#include "protocols.h"

/* RFC 791, 3.1: with a source route, the pseudo header has its last address (RFC 1122, 4.1.3.5 and 4.2.3.8). */
static const uint8_t *source_routed_destination(const struct ip_header *ip)
{
	struct header options = {ip->options, ip->options_length};
	uint32_t at = 0;

	while (at + 2 < options.captured && options.bytes[at] != HEADER_OPTION_END) {
		const uint8_t *option = options.bytes + at;
		uint32_t step = header_option_step(option, options.captured - at);
		bool routes =
			option[0] == HEADER_OPTION_LOOSE_SOURCE_ROUTE || option[0] == HEADER_OPTION_STRICT_SOURCE_ROUTE;

		if (!step)
			break;
		if (routes && step >= 7 && option[2] < step) /* the pointer still is within the route */
			return field_bytes(options, at + step - 4, 4);
		at += step;
	}
	return ip->destination;
}

static uint8_t ipv4_fields(struct header header)
{
	enum {
		ALL = IP_FIELD_TOS | IP_FIELD_TOTAL_LENGTH | IP_FIELD_ID | IP_FIELD_FRAGMENT | IP_FIELD_TTL |
		      IP_FIELD_PROTOCOL | IP_FIELD_CHECKSUM,
	};
	static const struct field_end ends[] = {
		{IP_FIELD_TOS, 2}, {IP_FIELD_TOTAL_LENGTH, 4}, {IP_FIELD_ID, 6},        {IP_FIELD_FRAGMENT, 8},
		{IP_FIELD_TTL, 9}, {IP_FIELD_PROTOCOL, 10},    {IP_FIELD_CHECKSUM, 12},
	};

	return header.captured == IPV4_HEADER ? ALL : fields_captured(header, ends, sizeof(ends) / sizeof(*ends));
}

/* The fields of RFC 791, 3.1. */
static void fill_ipv4(struct ip_header *ip, struct header header)
{
	uint16_t fragment = field16(header, 6);

	ip->fields = ipv4_fields(header);
	ip->header_length = (header.bytes[0] & 0xf) * 4;
	ip->tos = field8(header, 1);
	ip->total_length = field16(header, 2);
	ip->id = field16(header, 4);
	ip->reserved_flag = fragment >> 15;
	ip->dont_fragment = fragment >> 14 & 1;
	ip->more_fragments = fragment >> 13 & 1;
	ip->fragment_offset = (fragment & IPV4_FRAGMENT_OFFSET) * 8;
	ip->is_fragment = fragment & 0x3fff;
	ip->ttl = field8(header, 8);
	ip->protocol = field8(header, 9);
	ip->transport = ip->protocol;
	ip->checksum = field16(header, 10);
	ip->checksum_status = CHECKSUM_UNVERIFIED;
	ip->source = field_bytes(header, 12, 4);
	ip->destination = field_bytes(header, 16, 4);
}

static void decode_ipv4(struct packet *packet, struct cursor *cursor, struct transport_start *start)
{
	struct ip_header *ip = &packet->ip;
	struct header header = cursor_header(cursor, IPV4_HEADER);

	fill_ipv4(ip, header);
	if (header.captured < IPV4_HEADER) {
		decode_ip_cut(packet, cursor, IPV4_HEADER);
		return;
	}
	if (ip->header_length < IPV4_HEADER || (ip->total_length && ip->total_length < ip->header_length)) {
		decode_malformed(packet, ip->header_length < IPV4_HEADER ? "header length below 20 bytes"
									 : "total length below the header length");
		ip->captured = cursor_skip(cursor, IPV4_HEADER);
		return;
	}
	decode_ip_length(packet, cursor, ip->total_length);
	header = cursor_header(cursor, ip->header_length);
	ip->options = header.bytes + IPV4_HEADER;
	ip->options_length = header.captured - IPV4_HEADER;
	decode_options(packet, ip->options, ip->options_length, header.captured < ip->header_length);
	if (header.captured < ip->header_length) {
		decode_ip_cut(packet, cursor, ip->header_length);
		return;
	}
	ip->captured = cursor_skip(cursor, ip->header_length);
	ip->checksum_status =
		checksum_proves(checksum_add(0, header.bytes, ip->header_length)) ? CHECKSUM_GOOD : CHECKSUM_BAD;
	*start = (struct transport_start){.source = ip->source, .destination = source_routed_destination(ip)};
	if (ip->fragment_offset == 0)
		decode_extensions(packet, cursor, ip->protocol, start);
}

static uint8_t ipv6_fields(struct header header)
{
	enum {
		ALL = IP_FIELD_TOS | IP_FIELD_FLOW_LABEL | IP_FIELD_TOTAL_LENGTH | IP_FIELD_PROTOCOL | IP_FIELD_TTL,
	};
	static const struct field_end ends[] = {
		{IP_FIELD_TOS, 2},      {IP_FIELD_FLOW_LABEL, 4}, {IP_FIELD_TOTAL_LENGTH, 6},
		{IP_FIELD_PROTOCOL, 7}, {IP_FIELD_TTL, 8},
	};

	return header.captured == IPV6_HEADER ? ALL : fields_captured(header, ends, sizeof(ends) / sizeof(*ends));
}

/* The fields of RFC 8200, 3. */
static void fill_ipv6(struct ip_header *ip, struct header header)
{
	ip->fields = ipv6_fields(header);
	ip->header_length = IPV6_HEADER;
	ip->tos = (uint8_t)(field16(header, 0) >> 4);
	ip->flow_label = field32(header, 0) & 0xfffff;
	ip->total_length = field16(header, 4);
	ip->protocol = ip->transport = field8(header, 6);
	ip->ttl = field8(header, 7);
	ip->source = field_bytes(header, 8, 16);
	ip->destination = field_bytes(header, 24, 16);
}

static void decode_ipv6(struct packet *packet, struct cursor *cursor, struct transport_start *start)
{
	struct ip_header *ip = &packet->ip;
	struct header header = cursor_header(cursor, IPV6_HEADER);

	fill_ipv6(ip, header);
	if (header.captured < IPV6_HEADER) {
		decode_ip_cut(packet, cursor, IPV6_HEADER);
		return;
	}
	ip->captured = cursor_skip(cursor, IPV6_HEADER);
	decode_ip_length(packet, cursor, ip->total_length);
	*start = (struct transport_start){.source = ip->source, .destination = ip->destination};
	decode_extensions(packet, cursor, ip->protocol, start);
	ip->protocol = ip->transport;
}

void decode_ip(struct packet *packet, struct cursor *cursor, enum network network, struct transport_start *start)
{
	struct ip_header *ip = &packet->ip;
	uint8_t version;

	if (!cursor->captured) {
		decode_short(packet, cursor, LAYER_IP, 1);
		return;
	}
	version = *cursor->at >> 4;
	if ((network == NETWORK_IPV4 && version != 4) || (network == NETWORK_IPV6 && version != 6)) {
		decode_malformed(packet, "IP version other than the link level says");
		return;
	}
	if (version != 4 && version != 6)
		return;
	ip->version = version;
	ip->start = cursor->at;
	if (version == 4)
		decode_ipv4(packet, cursor, start);
	else
		decode_ipv6(packet, cursor, start);
}
