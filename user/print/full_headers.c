/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/full_headers.h"

#include "base/text.h"
#include "packet/protocol_names.h"
#include "print/ip_options.h"
#include "print/summary.h"
#include "print/tcp_numbers.h"
#include "print/tcp_options.h"
#include "protocols.h"

/* A header has a second line, so that those of usual packets fit 100 columns. */
#define NEXT_LINE "\n        "

/* `gap`: what separates the checksum from the fields before it. */
static char *checksum_text(char *at, const struct palette *palette, const char *gap, uint16_t checksum,
			   enum checksum_status status)
{
	at = text_string(text_field_hex(text_string(at, gap), "checksum ", checksum, 4), " ");
	if (status != CHECKSUM_BAD)
		return text_word(at, name_checksum_status(status));
	at = text_word(color_set(at, palette, COLOR_MARK), name_checksum_status(status));
	return color_set(at, palette, COLOR_RESET);
}

static char *protocol_text(char *at, uint8_t protocol)
{
	const struct text_word *name = name_protocol(protocol);

	at = text_field(at, "  protocol ", protocol);
	return name ? text_string(text_word(text_string(at, " ("), name), ")") : at;
}

/* Identification, flags and offset of IPv4 or of an IPv6 fragment header. */
static char *fragment_fields(char *at, const char *gap, const struct ip_header *ip)
{
	char *flags;

	at = text_field_hex(text_string(at, gap), "id ", ip->id, ip->version == 6 ? 8 : 4);
	flags = text_string(at, "  flags ");
	at = name_ip_flags(flags, ip, false);
	if (at == flags)
		at = text_string(at, "none");
	return text_field(at, "  offset ", ip->fragment_offset);
}

static char *ipv4_fields(char *at, const struct palette *palette, const struct ip_header *ip)
{
	at = text_field(summary_layer(at, palette, COLOR_NETWORK, "IPv4"), "  header ", ip->header_length);
	if (!ip_has(ip, IP_FIELD_TOS))
		return at;
	at = text_field_hex(at, "  tos ", ip->tos, 2);
	if (!ip_has(ip, IP_FIELD_TOTAL_LENGTH))
		return at;
	at = text_field(at, "  total ", ip->total_length);
	if (!ip_has(ip, IP_FIELD_FRAGMENT))
		return at;
	at = fragment_fields(at, "  ", ip);
	if (!ip_has(ip, IP_FIELD_TTL))
		return at;
	at = text_field(at, "  ttl ", ip->ttl);
	if (!ip_has(ip, IP_FIELD_PROTOCOL))
		return at;
	at = protocol_text(at, ip->protocol);
	if (!ip_has(ip, IP_FIELD_CHECKSUM))
		return at;
	return checksum_text(at, palette, NEXT_LINE, ip->checksum, ip->checksum_status);
}

static char *ipv6_fields(char *at, const struct palette *palette, const struct ip_header *ip)
{
	at = summary_layer(at, palette, COLOR_NETWORK, "IPv6");
	if (!ip_has(ip, IP_FIELD_FLOW_LABEL))
		return at;
	at = text_field_hex(at, "  traffic class ", ip->tos, 2);
	at = text_field_hex(at, "  flow label ", ip->flow_label, 5);
	if (!ip_has(ip, IP_FIELD_TOTAL_LENGTH))
		return at;
	at = text_field(at, "  payload ", ip->total_length);
	if (!ip_has(ip, IP_FIELD_TTL))
		return at;
	at = protocol_text(at, ip->protocol);
	at = text_field(at, "  hop limit ", ip->ttl);
	return ip_has(ip, IP_FIELD_ID) ? fragment_fields(at, NEXT_LINE, ip) : at;
}

static char *extensions_line(char *at, const struct ip_header *ip)
{
	at = text_string(at, NEXT_LINE "extensions");
	for (int i = 0; i < ip->extension_count; i++) {
		const struct text_word *name = name_extension(ip->extensions[i]);

		at = text_string(at, i ? ", " : " ");
		at = name ? text_word(at, name) : text_u32(at, ip->extensions[i]);
	}
	return at;
}

static const char options_label[] = NEXT_LINE "options ";

char *full_ip(char *at, const struct palette *palette, const struct ip_header *ip)
{
	at = ip->version == 6 ? ipv6_fields(at, palette, ip) : ipv4_fields(at, palette, ip);
	if (ip->options_length)
		at = ip_options_text(text_string(at, options_label), ip->options, ip->options_length,
				     ip->header_length - IPV4_HEADER);
	return ip->extension_count ? extensions_line(at, ip) : at;
}

static char *tcp_flags(char *at, const struct palette *palette, uint16_t flags)
{
	at = summary_tcp_flags(text_string(at, "  flags "), palette, flags);
	return flags >> 9 ? text_field(at, "  reserved ", flags >> 9) : at;
}

static char *tcp_fields(char *at, const struct text_sink *text, const struct packet *packet)
{
	const struct palette *palette = text->palette;
	const struct tcp_header *tcp = &packet->tcp;

	at = text_string(summary_layer(at, palette, COLOR_TRANSPORT, "TCP"), " ");
	if (tcp_has(tcp, TCP_FIELD_HEADER_LENGTH))
		at = text_field(at, "  header ", tcp->header_length);
	if (!tcp_has(tcp, TCP_FIELD_SEQ))
		return at;
	at = text_field(at, "  seq ", tcp_shown_seq(&text->style, packet));
	if (!tcp_has(tcp, TCP_FIELD_ACK))
		return at;
	at = text_field(at, "  ack ", tcp_shown_ack(&text->style, packet));
	if (!tcp_has(tcp, TCP_FIELD_FLAGS))
		return at;
	at = tcp_flags(at, palette, tcp->flags);
	if (!tcp_has(tcp, TCP_FIELD_WINDOW))
		return at;
	at = text_field(at, "  window ", tcp->window);
	if (!tcp_has(tcp, TCP_FIELD_CHECKSUM))
		return at;
	at = checksum_text(at, palette, NEXT_LINE, tcp->checksum, tcp->checksum_status);
	return tcp_has(tcp, TCP_FIELD_URGENT) ? text_field(at, "  urgent ", tcp->urgent) : at;
}

char *full_tcp(char *at, const struct text_sink *text, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;

	at = tcp_fields(at, text, packet);
	if (!tcp->options_length)
		return at;
	return tcp_options_relative(text_string(at, options_label), tcp->options, tcp->options_length,
				    tcp->header_length - TCP_HEADER, tcp->ack - tcp_shown_ack(&text->style, packet));
}

char *full_udp(char *at, const struct palette *palette, const struct udp_header *udp)
{
	at = text_string(summary_layer(at, palette, COLOR_TRANSPORT, "UDP"), " ");
	if (!udp_has(udp, UDP_FIELD_LENGTH))
		return at;
	at = text_field(at, "  length ", udp->length);
	if (!udp_has(udp, UDP_FIELD_CHECKSUM))
		return at;
	return checksum_text(at, palette, "  ", udp->checksum, udp->checksum_status);
}
