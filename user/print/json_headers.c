/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/json_headers.h"

#include "base/json.h"
#include "packet/protocol_names.h"

/* The fields of a header are in the order of the wire, so that the first one that was cut is the end. */

static char *address(char *at, const char *key, char *(*text)(char *at, const uint8_t *address), const uint8_t *bytes)
{
	at = text_string(json_key(at, key), "\"");
	return text_string(text(at, bytes), "\"");
}

static char *vlan_tags(char *at, const struct link_header *link)
{
	at = json_open(at, "vlan", "[");
	for (int i = 0; i < link->vlan_count; i++) {
		const struct vlan *vlan = &link->vlan[i];

		at = text_string(json_comma(at), "{");
		at = json_number(at, "id", vlan->id);
		at = json_number(at, "priority", vlan->priority);
		at = text_string(json_key(at, "dei"), vlan->dei ? "true" : "false");
		at = text_string(json_number(at, "tpid", vlan->tpid), "}");
	}
	return text_string(at, "]");
}

static char *mpls_stack(char *at, const struct link_header *link)
{
	at = json_open(at, "mpls", "[");
	for (int i = 0; i < link->mpls_count; i++) {
		const struct mpls *mpls = &link->mpls[i];

		at = text_string(json_comma(at), "{");
		at = json_number(at, "label", mpls->label);
		at = json_number(at, "traffic_class", mpls->traffic_class);
		at = text_string(json_number(at, "ttl", mpls->ttl), "}");
	}
	return text_string(at, "]");
}

char *json_link(char *at, const struct link_header *link)
{
	const struct text_word *type = name_link_type(link->type);

	at = json_open(at, "link", "{");
	if (type)
		at = json_word(at, "type", type);
	else
		at = json_number(json_string(at, "type", "unknown"), "number", link->type);
	if (link_has(link, LINK_FIELD_SOURCE))
		at = address(at, "source", text_mac, link->source);
	if (link_has(link, LINK_FIELD_DESTINATION))
		at = address(at, "destination", text_mac, link->destination);
	if (link_has(link, LINK_FIELD_ETHERTYPE))
		at = json_number(at, "ethertype", link->ethertype);
	at = text_string(at, "}");
	if (link->vlan_count)
		at = vlan_tags(at, link);
	if (link->mpls_count)
		at = mpls_stack(at, link);
	if (link_has(link, LINK_FIELD_PPPOE_SESSION))
		at = text_string(json_number(json_open(at, "pppoe", "{"), "session", link->pppoe_session), "}");
	return at;
}

static char *checksum(char *at, uint16_t value, enum checksum_status status)
{
	at = json_number(at, "checksum", value);
	return json_word(at, "checksum_status", name_checksum_status(status));
}

static char *ip_flags(char *at, const struct ip_header *ip)
{
	return text_string(name_ip_flags(json_open(at, "flags", "["), ip, true), "]");
}

static char *ip_extensions(char *at, const struct ip_header *ip)
{
	at = json_open(at, "extensions", "[");
	for (int i = 0; i < ip->extension_count; i++)
		at = text_u32(json_comma(at), ip->extensions[i]);
	return text_string(at, "]");
}

static char *ipv4_fields(char *at, const struct ip_header *ip)
{
	at = json_number(at, "header_length", ip->header_length);
	if (!ip_has(ip, IP_FIELD_TOS))
		return at;
	at = json_number(at, "tos", ip->tos);
	if (!ip_has(ip, IP_FIELD_TOTAL_LENGTH))
		return at;
	at = json_number(at, "total_length", ip->total_length);
	if (!ip_has(ip, IP_FIELD_ID))
		return at;
	at = json_number(at, "id", ip->id);
	if (!ip_has(ip, IP_FIELD_FRAGMENT))
		return at;
	at = json_number(ip_flags(at, ip), "fragment_offset", ip->fragment_offset);
	if (!ip_has(ip, IP_FIELD_TTL))
		return at;
	at = json_number(at, "ttl", ip->ttl);
	if (!ip_has(ip, IP_FIELD_PROTOCOL))
		return at;
	at = json_number(at, "protocol", ip->protocol);
	return ip_has(ip, IP_FIELD_CHECKSUM) ? checksum(at, ip->checksum, ip->checksum_status) : at;
}

static char *ipv6_fields(char *at, const struct ip_header *ip)
{
	if (!ip_has(ip, IP_FIELD_FLOW_LABEL))
		return at;
	at = json_number(at, "traffic_class", ip->tos);
	at = json_number(at, "flow_label", ip->flow_label);
	if (!ip_has(ip, IP_FIELD_TOTAL_LENGTH))
		return at;
	at = json_number(at, "payload_length", ip->total_length);
	if (!ip_has(ip, IP_FIELD_TTL))
		return at;
	at = json_number(at, "hop_limit", ip->ttl);
	at = json_number(at, "protocol", ip->protocol);
	if (!ip_has(ip, IP_FIELD_ID))
		return at;
	at = json_number(at, "fragment_offset", ip->fragment_offset);
	return ip_flags(json_number(at, "id", ip->id), ip);
}

char *json_ip(char *at, const struct ip_header *ip)
{
	char *(*text)(char *at, const uint8_t *address) = ip->version == 6 ? text_ipv6 : text_ipv4;

	at = json_number(json_open(at, "ip", "{"), "version", ip->version);
	at = ip->version == 6 ? ipv6_fields(at, ip) : ipv4_fields(at, ip);
	if (ip->source)
		at = address(at, "source", text, ip->source);
	if (ip->destination)
		at = address(at, "destination", text, ip->destination);
	if (ip->options_length)
		at = json_hex(at, "options", ip->options, ip->options_length);
	if (ip->extension_count)
		at = ip_extensions(at, ip);
	return text_string(at, "}");
}

static char *tcp_flags(char *at, uint16_t flags)
{
	at = text_string(name_tcp_flags(json_open(at, "flags", "["), flags, true), "]");
	return flags >> 9 ? json_number(at, "reserved", flags >> 9) : at;
}

static char *tcp_fields(char *at, const struct tcp_header *tcp)
{
	if (!tcp_has(tcp, TCP_FIELD_SOURCE_PORT))
		return at;
	at = json_number(at, "source_port", tcp->source_port);
	if (!tcp_has(tcp, TCP_FIELD_DESTINATION_PORT))
		return at;
	at = json_number(at, "destination_port", tcp->destination_port);
	if (!tcp_has(tcp, TCP_FIELD_SEQ))
		return at;
	at = json_number(at, "seq", tcp->seq);
	if (!tcp_has(tcp, TCP_FIELD_ACK))
		return at;
	at = json_number(at, "ack", tcp->ack);
	if (!tcp_has(tcp, TCP_FIELD_HEADER_LENGTH))
		return at;
	at = json_number(at, "header_length", tcp->header_length);
	if (!tcp_has(tcp, TCP_FIELD_FLAGS))
		return at;
	at = tcp_flags(at, tcp->flags);
	if (!tcp_has(tcp, TCP_FIELD_WINDOW))
		return at;
	at = json_number(at, "window", tcp->window);
	if (!tcp_has(tcp, TCP_FIELD_CHECKSUM))
		return at;
	at = checksum(at, tcp->checksum, tcp->checksum_status);
	return tcp_has(tcp, TCP_FIELD_URGENT) ? json_number(at, "urgent", tcp->urgent) : at;
}

char *json_tcp(char *at, const struct tcp_header *tcp)
{
	at = tcp_fields(json_open(at, "tcp", "{"), tcp);
	if (tcp->options_length)
		at = json_hex(at, "options", tcp->options, tcp->options_length);
	return text_string(at, "}");
}

static char *udp_fields(char *at, const struct udp_header *udp)
{
	if (!udp_has(udp, UDP_FIELD_SOURCE_PORT))
		return at;
	at = json_number(at, "source_port", udp->source_port);
	if (!udp_has(udp, UDP_FIELD_DESTINATION_PORT))
		return at;
	at = json_number(at, "destination_port", udp->destination_port);
	if (!udp_has(udp, UDP_FIELD_LENGTH))
		return at;
	at = json_number(at, "length", udp->length);
	return udp_has(udp, UDP_FIELD_CHECKSUM) ? checksum(at, udp->checksum, udp->checksum_status) : at;
}

char *json_udp(char *at, const struct udp_header *udp)
{
	return text_string(udp_fields(json_open(at, "udp", "{"), udp), "}");
}
