/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/summary.h"

#include "base/escape.h"
#include "base/text.h"
#include "packet/protocol_names.h"
#include "print/owner_text.h"

enum { INTERFACE_NAME_MAX = 64 }; /* a file may hold any name */

char *summary_time(char *at, struct text_sink *text, const struct frame *frame, unsigned int gap)
{
	if (!frame->has_time || text->style.time == TIME_NONE)
		return at;
	return text_gap(timestamp_text(&text->timestamp, at, frame->time_ns), gap);
}

char *summary_lengths(char *at, const struct text_sink *text, const struct frame *frame, unsigned int gap)
{
	if (!text->style.lengths)
		return at;
	at = text_field(at, "caplen ", frame->captured);
	return text_gap(text_field(at, " len ", frame->length), gap);
}

char *summary_place(char *at, const struct frame *frame, unsigned int gap)
{
	const struct text_word *direction = name_direction(frame->direction);
	const char *name = frame->interface ? frame->interface->name : NULL;

	if (name)
		at = escape_terminal(at, name, INTERFACE_NAME_MAX);
	if (name && direction)
		*at++ = ' ';
	if (direction)
		at = text_word(at, direction);
	return name || direction ? text_gap(at, gap) : at;
}

char *summary_tags(char *at, const struct link_header *link, unsigned int gap)
{
	for (int i = 0; i < link->vlan_count; i++)
		at = text_field(at, i ? "," : "vlan ", link->vlan[i].id);
	if (link->vlan_count)
		at = text_gap(at, gap);
	for (int i = 0; i < link->mpls_count; i++)
		at = text_field(at, i ? "," : "mpls ", link->mpls[i].label);
	if (link->mpls_count)
		at = text_gap(at, gap);
	if (link_has(link, LINK_FIELD_PPPOE_SESSION))
		at = text_gap(text_field(at, "pppoe ", link->pppoe_session), gap);
	return at;
}

static char *ethertype_text(char *at, uint16_t ethertype)
{
	const struct text_word *name = name_ethertype(ethertype);

	at = text_field_hex(at, "ethertype ", ethertype, 4);
	return name ? text_string(text_word(text_string(at, " ("), name), ")") : at;
}

/* Source > destination, or whichever of them there is. */
static char *link_addresses(char *at, const struct palette *palette, const struct link_header *link)
{
	at = color_set(at, palette, COLOR_LINK);
	if (link_has(link, LINK_FIELD_SOURCE))
		at = text_mac(at, link->source);
	if (link_has(link, LINK_FIELD_SOURCE) && link_has(link, LINK_FIELD_DESTINATION))
		*at++ = ' ';
	if (link_has(link, LINK_FIELD_DESTINATION))
		at = text_mac(text_string(at, "> "), link->destination);
	return color_set(at, palette, COLOR_RESET);
}

static char *vlan_text(char *at, const struct vlan *vlan)
{
	at = text_field(at, "vlan ", vlan->id);
	at = text_field(at, " priority ", vlan->priority);
	if (vlan->dei)
		at = text_string(at, " dei");
	return text_field_hex(at, " tpid ", vlan->tpid, 4);
}

static char *mpls_text(char *at, const struct mpls *mpls)
{
	at = text_field(at, "mpls ", mpls->label);
	at = text_field(at, " traffic class ", mpls->traffic_class);
	return text_field(at, " ttl ", mpls->ttl);
}

static char *link_type_text(char *at, uint16_t type)
{
	const struct text_word *name = name_link_type(type);

	return name ? text_word(at, name) : text_field(at, "link type ", type);
}

char *summary_link(char *at, const struct palette *palette, const struct link_header *link, unsigned int gap)
{
	at = link_type_text(at, link->type);
	if (link_has(link, LINK_FIELD_SOURCE) || link_has(link, LINK_FIELD_DESTINATION))
		at = link_addresses(text_gap(at, gap), palette, link);
	if (link_has(link, LINK_FIELD_ETHERTYPE))
		at = ethertype_text(text_gap(at, gap), link->ethertype);
	for (int i = 0; i < link->vlan_count; i++)
		at = vlan_text(text_gap(at, gap), &link->vlan[i]);
	for (int i = 0; i < link->mpls_count; i++)
		at = mpls_text(text_gap(at, gap), &link->mpls[i]);
	if (link_has(link, LINK_FIELD_PPPOE_SESSION))
		at = text_field(text_gap(at, gap), "pppoe session ", link->pppoe_session);
	return at;
}

/* NULL: the port was not captured, or there is none. */
struct ports {
	const uint16_t *source, *destination;
};

static struct ports packet_ports(const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	const struct udp_header *udp = &packet->udp;

	if (tcp->present)
		return (struct ports){tcp_has(tcp, TCP_FIELD_SOURCE_PORT) ? &tcp->source_port : NULL,
				      tcp_has(tcp, TCP_FIELD_DESTINATION_PORT) ? &tcp->destination_port : NULL};
	if (udp->present)
		return (struct ports){udp_has(udp, UDP_FIELD_SOURCE_PORT) ? &udp->source_port : NULL,
				      udp_has(udp, UDP_FIELD_DESTINATION_PORT) ? &udp->destination_port : NULL};
	return (struct ports){NULL, NULL};
}

/* An address, and the port if there is one: 10.9.0.1:80, [2001:db8::1]:80. */
static char *endpoint(char *at, const struct palette *palette, uint8_t version, const uint8_t *address,
		      const uint16_t *port)
{
	bool brackets = port && version == 6;

	at = color_set(at, palette, COLOR_NETWORK);
	if (brackets)
		*at++ = '[';
	at = version == 6 ? text_ipv6(at, address) : text_ipv4(at, address);
	if (brackets)
		*at++ = ']';
	at = color_set(at, palette, COLOR_RESET);
	if (!port)
		return at;
	*at++ = ':';
	at = text_u32(color_set(at, palette, COLOR_TRANSPORT), *port);
	return color_set(at, palette, COLOR_RESET);
}

static char *version_name(char *at, const struct ip_header *ip)
{
	return text_string(at, ip->version == 6 ? "IPv6" : "IPv4");
}

static char *transport_name(char *at, const struct ip_header *ip)
{
	const struct text_word *name = name_protocol(ip->transport);

	return name ? text_word(at, name) : text_field(at, "protocol ", ip->transport);
}

static char *ip_endpoints(char *at, const struct palette *palette, const struct packet *packet,
			  const struct packet_owner *owner)
{
	const struct ip_header *ip = &packet->ip;
	struct ports ports = packet_ports(packet);

	if (ip->source)
		at = endpoint(text_string(at, " "), palette, ip->version, ip->source, ports.source);
	if (ip->source && owner)
		at = owner_short(at, &owner->source);
	if (ip->destination)
		at = endpoint(text_string(at, " > "), palette, ip->version, ip->destination, ports.destination);
	if (ip->destination && owner)
		at = owner_short(at, &owner->destination);
	return at;
}

/* What a frame without IP is instead, as far as the link level tells. */
static char *link_conversation(char *at, const struct palette *palette, bool addresses, const struct link_header *link)
{
	const struct text_word *name = name_ethertype(link->ethertype);

	if (!link_has(link, LINK_FIELD_ETHERTYPE))
		at = link_type_text(at, link->type);
	else
		at = name ? text_word(at, name) : text_field_hex(at, "ethertype ", link->ethertype, 4);
	if (!addresses || !(link_has(link, LINK_FIELD_SOURCE) || link_has(link, LINK_FIELD_DESTINATION)))
		return at;
	*at++ = ' ';
	return link_addresses(at, palette, link);
}

char *summary_conversation(char *at, const struct text_sink *text, const struct packet *packet)
{
	const struct ip_header *ip = &packet->ip;

	if (!ip->version)
		return link_conversation(at, text->palette, !text->style.link, &packet->link);
	at = version_name(at, ip);
	if (ip_has(ip, IP_FIELD_PROTOCOL))
		at = transport_name(text_gap(at, 1), ip);
	return ip_endpoints(at, text->palette, packet, packet->owner);
}

char *summary_conversation_short(char *at, const struct text_sink *text, const struct packet *packet)
{
	const struct palette *plain = color_palette(false);
	const struct ip_header *ip = &packet->ip;

	if (!ip->version)
		return link_conversation(at, plain, !text->style.link, &packet->link);
	at = ip_has(ip, IP_FIELD_PROTOCOL) ? transport_name(at, ip) : version_name(at, ip);
	return ip_endpoints(at, plain, packet, NULL);
}

char *summary_layer(char *at, const struct palette *palette, enum color color, const char *name)
{
	at = color_set(text_string(at, "\n  "), palette, color);
	return color_set(text_string(at, name), palette, COLOR_RESET);
}

char *summary_tcp_flags(char *at, const struct palette *palette, uint16_t flags)
{
	char *start = color_set(at, palette, COLOR_STRONG);

	at = name_tcp_flags(start, flags, false);
	if (at == start)
		at = text_string(at, "none");
	return color_set(at, palette, COLOR_RESET);
}

char *summary_mark(char *at, const struct palette *palette, const char *what, const char *why)
{
	at = color_set(text_string(at, " "), palette, COLOR_MARK);
	at = text_string(text_string(text_string(text_string(at, "["), what), why), "]");
	return color_set(at, palette, COLOR_RESET);
}

char *summary_marks(char *at, const struct palette *palette, const struct packet *packet)
{
	if (packet->truncated != LAYER_NONE)
		at = summary_mark(at, palette, "truncated", "");
	if (packet->malformed)
		at = summary_mark(at, palette, "malformed: ", packet->malformed);
	return at;
}

char *summary_verdict(char *at, const struct palette *palette, const struct packet *packet)
{
	const struct explanation *explanation = packet->explanation;

	if (!explanation)
		return at;
	at = text_gap(at, 2);
	if (explanation->rejected)
		at = text_string(color_set(at, palette, COLOR_MARK), "rejected: ");
	at = text_string(at, explanation->verdict);
	if (explanation->rejected)
		at = color_set(at, palette, COLOR_RESET);
	if (!explanation->why)
		return at;
	at = escape_terminal(text_string(at, " ("), explanation->why, EXPLANATION_MAX);
	return text_string(at, ")");
}
