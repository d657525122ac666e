/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_AGREEMENT_H
#define BPFSNIFF_TESTS_AGREEMENT_H

#include <string.h>

#include "filter_needs.h"
#include "flow_key.h"
#include "packet/packet.h"
#include "protocols.h"

/*
 * The filter judges a frame by a flow key, and decode() shows it, by other code: whatever the frame, both know the same
 * addresses, ports and TCP flags. Each check returns what they disagree about, NULL when nothing.
 */

static inline const char *disagree_on_addresses(const struct flow_key *key, const struct ip_header *ip)
{
	size_t length = ip->version == 4 ? 4 : 16;
	bool shown = ip->source && ip->destination;

	if (shown != !!(key->flags & FLOW_HAS_ADDRESSES))
		return "whether there are addresses";
	if (!shown)
		return NULL;
	if (ip->version != key->version)
		return "the IP version";
	if (memcmp(ip->source, (const uint8_t *)key->source + 16 - length, length) != 0 ||
	    memcmp(ip->destination, (const uint8_t *)key->destination + 16 - length, length) != 0)
		return "the addresses";
	return NULL;
}

static inline const char *disagree_on_ports(const struct flow_key *key, uint32_t captured, uint16_t source,
					    uint16_t destination)
{
	if ((captured >= 4) != !!(key->flags & FLOW_HAS_PORTS))
		return "whether there are ports";
	if ((captured == 2 || captured == 3) != !!(key->flags & FLOW_HAS_SOURCE_PORT))
		return "whether there is a source port only";
	if (captured >= 2 && key->source_port != source)
		return "the source port";
	return captured >= 4 && key->destination_port != destination ? "the destination port" : NULL;
}

/* Of TCP and UDP, the protocols whose headers are shown. */
static inline const char *disagree_on_transport(const struct flow_key *key, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	const struct udp_header *udp = &packet->udp;

	if ((tcp->captured >= 14) != !!(key->flags & FLOW_HAS_TCP_FLAGS))
		return "whether there are TCP flags";
	if (tcp->captured >= 14 && key->tcp_flags != (uint8_t)tcp->flags)
		return "the TCP flags";
	if (tcp->present)
		return disagree_on_ports(key, tcp->captured, tcp->source_port, tcp->destination_port);
	if (udp->present || key->protocol == PROTOCOL_TCP || key->protocol == PROTOCOL_UDP)
		return disagree_on_ports(key, udp->captured, udp->source_port, udp->destination_port);
	return NULL;
}

/* Extension headers that are cut are followed by the filter as long as it finds the next; IP headers without a protocol
 * have none. A filter that needs ports gives a later fragment the protocol of the first. */
static inline const char *disagree_on_protocol(const struct filter_config *config, const struct flow_key *key,
					       const struct packet *packet)
{
	bool cut = packet->truncated == LAYER_IP || packet->malformed;

	if (key->flags & FLOW_MALFORMED)
		return packet->malformed || packet->truncated == LAYER_LINK || packet->truncated == LAYER_IP
			       ? NULL
			       : "whether it is malformed";
	if (key->version != packet->ip.version)
		return "whether it is IP";
	if (filter_needs_ports(config) && key->flags & FLOW_LATER_FRAGMENT)
		return NULL;
	return key->protocol == packet->ip.transport || cut ? NULL : "the protocol";
}

/* The key is that of the packet's frame, under a filter with this configuration: one that has to read no transport
 * headers does not, and one that needs ports gives a later fragment those of the first. */
static inline const char *disagreement(const struct filter_config *config, const struct flow_key *key,
				       const struct packet *packet)
{
	const char *what = disagree_on_addresses(key, &packet->ip);

	if (!what)
		what = disagree_on_protocol(config, key, packet);
	if (!what && filter_needs_transport(config) &&
	    !(key->flags & FLOW_LATER_FRAGMENT && filter_needs_ports(config)))
		what = disagree_on_transport(key, packet);
	return what;
}

#endif
