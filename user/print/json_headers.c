/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/json_headers.h"

#include "packet/protocol_names.h"
#include "packet/tcp_event_names.h"

enum { FLAG_NAMES_MAX = 64 }; /* bytes of all flag names with quotes, commas and brackets */

/* The fields of a header are in the order of the wire, so nothing follows the first one that was cut. */

static struct json address(struct json json, const char *key, char *(*text)(char *at, const uint8_t *address),
			   const uint8_t *bytes)
{
	json = json_key(json, key, TEXT_IPV6_MAX + 2);
	if (!json_fits(json))
		return json;
	return json_added(json, text_string(text(text_string(json.at, "\""), bytes), "\""));
}

static struct json vlan_tags(struct json json, const struct link_header *link)
{
	json = json_open(json, "vlan", "[");
	for (int i = 0; i < link->vlan_count; i++) {
		const struct vlan *vlan = &link->vlan[i];

		json = json_open(json, NULL, "{");
		json = json_number(json, "id", vlan->id);
		json = json_number(json, "priority", vlan->priority);
		json = json_bool(json, "dei", vlan->dei);
		json = json_number(json, "tpid", vlan->tpid);
		json = json_close(json, "}");
	}
	return json_close(json, "]");
}

static struct json mpls_stack(struct json json, const struct link_header *link)
{
	json = json_open(json, "mpls", "[");
	for (int i = 0; i < link->mpls_count; i++) {
		const struct mpls *mpls = &link->mpls[i];

		json = json_open(json, NULL, "{");
		json = json_number(json, "label", mpls->label);
		json = json_number(json, "traffic_class", mpls->traffic_class);
		json = json_number(json, "ttl", mpls->ttl);
		json = json_close(json, "}");
	}
	return json_close(json, "]");
}

static struct json pppoe(struct json json, const struct link_header *link)
{
	return json_close(json_number(json_open(json, "pppoe", "{"), "session", link->pppoe_session), "}");
}

struct json json_link(struct json json, const struct link_header *link)
{
	const struct text_word *type = name_link_type(link->type);

	json = json_open(json, "link", "{");
	if (type)
		json = json_word(json, "type", type);
	else
		json = json_number(json_clean_string(json, "type", "unknown"), "number", link->type);
	if (link_has(link, LINK_FIELD_SOURCE))
		json = address(json, "source", text_mac, link->source);
	if (link_has(link, LINK_FIELD_DESTINATION))
		json = address(json, "destination", text_mac, link->destination);
	if (link_has(link, LINK_FIELD_ETHERTYPE))
		json = json_number(json, "ethertype", link->ethertype);
	json = json_close(json, "}");
	if (link->vlan_count)
		json = vlan_tags(json, link);
	if (link->mpls_count)
		json = mpls_stack(json, link);
	return link_has(link, LINK_FIELD_PPPOE_SESSION) ? pppoe(json, link) : json;
}

static struct json checksum(struct json json, uint16_t value, enum checksum_status status)
{
	json = json_number(json, "checksum", value);
	return json_word(json, "checksum_status", name_checksum_status(status));
}

static struct json ip_flags(struct json json, const struct ip_header *ip)
{
	json = json_key(json, "flags", FLAG_NAMES_MAX);
	if (!json_fits(json))
		return json;
	return json_added(json, text_string(name_ip_flags(text_string(json.at, "["), ip, true), "]"));
}

static struct json ip_extensions(struct json json, const struct ip_header *ip)
{
	json = json_open(json, "extensions", "[");
	for (int i = 0; i < ip->extension_count; i++)
		json = json_number(json, NULL, ip->extensions[i]);
	return json_close(json, "]");
}

static struct json ipv4_fields(struct json json, const struct ip_header *ip)
{
	json = json_number(json, "header_length", ip->header_length);
	if (!ip_has(ip, IP_FIELD_TOS))
		return json;
	json = json_number(json, "tos", ip->tos);
	if (!ip_has(ip, IP_FIELD_TOTAL_LENGTH))
		return json;
	json = json_number(json, "total_length", ip->total_length);
	if (!ip_has(ip, IP_FIELD_ID))
		return json;
	json = json_number(json, "id", ip->id);
	if (!ip_has(ip, IP_FIELD_FRAGMENT))
		return json;
	json = ip_flags(json, ip);
	json = json_number(json, "fragment_offset", ip->fragment_offset);
	if (!ip_has(ip, IP_FIELD_TTL))
		return json;
	json = json_number(json, "ttl", ip->ttl);
	if (!ip_has(ip, IP_FIELD_PROTOCOL))
		return json;
	json = json_number(json, "protocol", ip->protocol);
	return ip_has(ip, IP_FIELD_CHECKSUM) ? checksum(json, ip->checksum, ip->checksum_status) : json;
}

static struct json ipv6_fields(struct json json, const struct ip_header *ip)
{
	if (!ip_has(ip, IP_FIELD_FLOW_LABEL))
		return json;
	json = json_number(json, "traffic_class", ip->tos);
	json = json_number(json, "flow_label", ip->flow_label);
	if (!ip_has(ip, IP_FIELD_TOTAL_LENGTH))
		return json;
	json = json_number(json, "payload_length", ip->total_length);
	if (!ip_has(ip, IP_FIELD_TTL))
		return json;
	json = json_number(json, "hop_limit", ip->ttl);
	json = json_number(json, "protocol", ip->protocol);
	if (!ip_has(ip, IP_FIELD_ID))
		return json;
	json = json_number(json, "fragment_offset", ip->fragment_offset);
	json = json_number(json, "id", ip->id);
	return ip_flags(json, ip);
}

struct json json_ip(struct json json, const struct ip_header *ip)
{
	char *(*text)(char *at, const uint8_t *address) = ip->version == 6 ? text_ipv6 : text_ipv4;

	json = json_open(json, "ip", "{");
	json = json_number(json, "version", ip->version);
	json = ip->version == 6 ? ipv6_fields(json, ip) : ipv4_fields(json, ip);
	if (ip->source)
		json = address(json, "source", text, ip->source);
	if (ip->destination)
		json = address(json, "destination", text, ip->destination);
	if (ip->options_length)
		json = json_hex(json, "options", ip->options, ip->options_length);
	if (ip->extension_count)
		json = ip_extensions(json, ip);
	return json_close(json, "}");
}

static struct json tcp_flags(struct json json, uint16_t flags)
{
	json = json_key(json, "flags", FLAG_NAMES_MAX);
	if (!json_fits(json))
		return json;
	json = json_added(json, text_string(name_tcp_flags(text_string(json.at, "["), flags, true), "]"));
	return flags >> 9 ? json_number(json, "reserved", flags >> 9) : json;
}

static struct json tcp_fields(struct json json, const struct tcp_header *tcp)
{
	if (!tcp_has(tcp, TCP_FIELD_SOURCE_PORT))
		return json;
	json = json_number(json, "source_port", tcp->source_port);
	if (!tcp_has(tcp, TCP_FIELD_DESTINATION_PORT))
		return json;
	json = json_number(json, "destination_port", tcp->destination_port);
	if (!tcp_has(tcp, TCP_FIELD_SEQ))
		return json;
	json = json_number(json, "seq", tcp->seq);
	if (!tcp_has(tcp, TCP_FIELD_ACK))
		return json;
	json = json_number(json, "ack", tcp->ack);
	if (!tcp_has(tcp, TCP_FIELD_HEADER_LENGTH))
		return json;
	json = json_number(json, "header_length", tcp->header_length);
	if (!tcp_has(tcp, TCP_FIELD_FLAGS))
		return json;
	json = tcp_flags(json, tcp->flags);
	if (!tcp_has(tcp, TCP_FIELD_WINDOW))
		return json;
	json = json_number(json, "window", tcp->window);
	if (!tcp_has(tcp, TCP_FIELD_CHECKSUM))
		return json;
	json = checksum(json, tcp->checksum, tcp->checksum_status);
	return tcp_has(tcp, TCP_FIELD_URGENT) ? json_number(json, "urgent", tcp->urgent) : json;
}

/* The words of tshark's tcp.analysis; that a segment has RST is in its flags. */
static struct json tcp_events(struct json json, uint32_t events)
{
	json = json_open(json, "analysis", "[");
	for (; events; events &= events - 1)
		json = json_word(json, NULL, name_tcp_event((unsigned int)__builtin_ctz(events)));
	return json_close(json, "]");
}

static struct json tcp_analysis(struct json json, const struct tcp_analysis *analysis)
{
	const uint32_t events = analysis->events & ~(uint32_t)TCP_EVENT_RESET;

	json = json_number(json, "relative_seq", analysis->relative_seq);
	if (analysis->has_relative_ack)
		json = json_number(json, "relative_ack", analysis->relative_ack);
	if (events)
		json = tcp_events(json, events);
	if (analysis->duplicate_number)
		json = json_number(json, "duplicate_ack_number", analysis->duplicate_number);
	if (analysis->rtt_ns)
		json = json_number(json, "rtt_ns", analysis->rtt_ns);
	return analysis->handshake_ns ? json_number(json, "handshake_ns", analysis->handshake_ns) : json;
}

struct json json_tcp(struct json json, const struct tcp_header *tcp, const struct tcp_analysis *analysis)
{
	json = json_open(json, "tcp", "{");
	json = tcp_fields(json, tcp);
	if (tcp->options_length)
		json = json_hex(json, "options", tcp->options, tcp->options_length);
	if (analysis)
		json = tcp_analysis(json, analysis);
	return json_close(json, "}");
}

static struct json udp_fields(struct json json, const struct udp_header *udp)
{
	if (!udp_has(udp, UDP_FIELD_SOURCE_PORT))
		return json;
	json = json_number(json, "source_port", udp->source_port);
	if (!udp_has(udp, UDP_FIELD_DESTINATION_PORT))
		return json;
	json = json_number(json, "destination_port", udp->destination_port);
	if (!udp_has(udp, UDP_FIELD_LENGTH))
		return json;
	json = json_number(json, "length", udp->length);
	return udp_has(udp, UDP_FIELD_CHECKSUM) ? checksum(json, udp->checksum, udp->checksum_status) : json;
}

struct json json_udp(struct json json, const struct udp_header *udp)
{
	json = json_open(json, "udp", "{");
	return json_close(udp_fields(json, udp), "}");
}
