/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/clock.h"
#include "owner/owner_internal.h"
#include "owner/owner_resolve.h"
#include "packet/packet.h"

enum { ICMP_START = 6, IP_ICMP = 1, IP_ICMPV6 = 58 };

/* The time of a frame by CLOCK_MONOTONIC. */
static uint64_t monotonic(int64_t time_ns)
{
	return (uint64_t)(time_ns - (clock_real_ns() - clock_monotonic_ns()));
}

static void map_address(uint8_t version, const uint8_t *bytes, __u64 address[2])
{
	uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff}; /* RFC 4291, 2.5.5.2 */

	if (version == 4)
		memcpy(mapped + 12, bytes, 4);
	memcpy(address, version == 4 ? mapped : bytes, sizeof(mapped));
}

/* What the sender of an ICMP message does in an echo. */
static enum owner_echo echo_of(const struct packet *packet)
{
	const struct payload *payload = &packet->payload;
	uint8_t type, asks = packet->ip.transport == IP_ICMP ? 8 : 128,
		      answers = packet->ip.transport == IP_ICMP ? 0 : 129;

	if (payload->captured < ICMP_START)
		return OWNER_ECHO_NONE;
	type = payload->bytes[0];
	return type == asks ? OWNER_ECHO_ASKS : type == answers ? OWNER_ECHO_ANSWERS : OWNER_ECHO_NONE;
}

static bool is_icmp(const struct packet *packet)
{
	return packet->ip.transport == IP_ICMP || packet->ip.transport == IP_ICMPV6;
}

/* The ports of the sender's key. False: they are not known. */
static bool take_ports(const struct packet *packet, struct owner_flow_key *key)
{
	if (packet->ip.is_fragment && packet->ip.fragment_offset)
		return false;
	if (packet->tcp.present) {
		key->local_port = packet->tcp.source_port;
		key->remote_port = packet->tcp.destination_port;
		return tcp_has(&packet->tcp, TCP_FIELD_DESTINATION_PORT);
	}
	if (packet->udp.present) {
		key->local_port = packet->udp.source_port;
		key->remote_port = packet->udp.destination_port;
		return udp_has(&packet->udp, UDP_FIELD_DESTINATION_PORT);
	}
	if (is_icmp(packet)) {
		key->remote_port = (uint16_t)echo_of(packet);
		if (key->remote_port)
			key->local_port = (uint16_t)(packet->payload.bytes[4] << 8 | packet->payload.bytes[5]);
	}
	return true;
}

/* The same conversation, seen from the other end. */
static struct owner_flow_key turned(const struct packet *packet, const struct owner_flow_key *key)
{
	struct owner_flow_key other = *key;

	memcpy(other.local, key->remote, sizeof(other.local));
	memcpy(other.remote, key->local, sizeof(other.remote));
	if (is_icmp(packet)) {
		other.remote_port = key->remote_port == OWNER_ECHO_ASKS ? OWNER_ECHO_ANSWERS
				    : key->remote_port                  ? OWNER_ECHO_ASKS
									: OWNER_ECHO_NONE;
		return other;
	}
	other.local_port = key->remote_port;
	other.remote_port = key->local_port;
	return other;
}

static bool is_first_segment(const struct tcp_header *tcp)
{
	enum { SYN = 0x02, ACK = 0x10 };

	return tcp->present && (tcp->flags & (SYN | ACK)) == SYN;
}

void owner_annotate(struct annotator *annotator, struct packet *packet)
{
	struct owner *owner = (struct owner *)annotator;
	struct owner_question source = {.key = {.netns = owner->netns, .protocol = packet->ip.transport}}, destination;

	packet->owner = NULL;
	packet->is_unwanted = process_choice_is_made(&owner->choice);
	if (!packet->ip.source || !packet->ip.destination)
		return;
	packet->owner = &owner->packet;
	memset(&owner->packet, 0, sizeof(owner->packet));
	owner->strings[0].who.pid = owner->strings[1].who.pid = 0;
	map_address(packet->ip.version, packet->ip.source, source.key.local);
	map_address(packet->ip.version, packet->ip.destination, source.key.remote);
	if (!take_ports(packet, &source.key)) {
		owner->packet.source.why = owner->packet.destination.why = "it has no ports: a later fragment, or cut";
		return;
	}
	source.time = monotonic(packet->frame->time_ns);
	destination = (struct owner_question){.key = turned(packet, &source.key),
					      .time = source.time,
					      .receives = true,
					      .begins = is_first_segment(&packet->tcp)};
	owner_resolve(owner, &source, &owner->packet.source, &owner->strings[0]);
	owner_resolve(owner, &destination, &owner->packet.destination, &owner->strings[1]);
	if (packet->is_unwanted)
		packet->is_unwanted =
			!owner_choice_has(owner, &owner->packet.source, &owner->strings[0], source.time) &&
			!owner_choice_has(owner, &owner->packet.destination, &owner->strings[1], source.time);
}
