/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_MATCH_H
#define BPFSNIFF_MATCH_H

#include "abi.h"
#include "calls.h"
#include "dissect.h"
#include "ends.h"
#include "filter_needs.h"
#include "prefix_set.h"

/*
 * The judgement, compiled for the kernel and for user space: a flow key and the configuration make a verdict. The
 * configuration is volatile because in the kernel it is .rodata that user space fills between open and load: the
 * compiler must not rely on its initial zeros.
 */

/* The lists that a port is in, bits of enum list; the file that includes this defines it, and the next one. */
static __u32 port_lists(const void *spec, __u16 port);

/* Keep the ports of a first fragment, give a later one those of the first: datagram_join() does it. */
static void follow_datagram(void *state, struct flow_key *key);

/* What can be said before the headers are read. `direction` is a bit of enum direction_bit, 0 when it is not known. */
ALWAYS_INLINE enum verdict match_frame(const volatile struct filter_config *config, __u32 direction,
				       int loopback_device)
{
	if (direction && !(config->directions & direction))
		return VERDICT_DIRECTION;
	if (loopback_device && config->loopback == LOOPBACK_DROP)
		return VERDICT_LOOPBACK;
	if (loopback_device && config->loopback == LOOPBACK_ONCE && direction == DIRECTION_BIT_OUT &&
	    config->directions & DIRECTION_BIT_IN)
		return VERDICT_DUPLICATE;
	return VERDICT_ACCEPTED;
}

ALWAYS_INLINE int match_protocol(const volatile struct filter_config *config, __u8 protocol)
{
	return config->protocols[protocol >> 3] >> (protocol & 7) & 1;
}

/* The lists of the source, and above them those of the destination. */
ALWAYS_INLINE __u32 address_pair_lists(const volatile struct filter_config *config, const void *spec,
				       const struct flow_key *key)
{
	return address_lists(&config->prefixes, spec, key->source[0], key->source[1]) |
	       address_lists(&config->prefixes, spec, key->destination[0], key->destination[1]) << LIST_BITS;
}

/* --host and the like. A frame without addresses is in no list. */
ALWAYS_INLINE int match_addresses(const volatile struct filter_config *config, const void *spec,
				  const struct flow_key *key)
{
	__u32 lists = key->flags & FLOW_HAS_ADDRESSES ? address_pair_find(config, spec, key) : 0;

	return lists_hold(config->address_lists, lists, lists >> LIST_BITS);
}

/* --port and the like. A list rejects what has no readable ports. A port that is cut is in no list that is wanted, and
 * may be in the one that is not. */
ALWAYS_INLINE int match_ports(const volatile struct filter_config *config, const void *spec, const struct flow_key *key)
{
	if (!(key->flags & (FLOW_HAS_PORTS | FLOW_HAS_SOURCE_PORT)))
		return 0;
	return lists_hold(config->port_lists, port_lists(spec, key->source_port),
			  key->flags & FLOW_HAS_PORTS ? port_lists(spec, key->destination_port) : LIST_NOT);
}

ALWAYS_INLINE int match_tcp_flags(const volatile struct filter_config *config, const struct flow_key *key)
{
	return key->flags & FLOW_HAS_TCP_FLAGS && (key->tcp_flags & config->tcp_flags_set) == config->tcp_flags_set &&
	       !(key->tcp_flags & config->tcp_flags_clear);
}

ALWAYS_INLINE int is_end(const volatile __u64 address[2], __u16 port, const __u64 seen_address[2], __u16 seen_port)
{
	return port == seen_port && address[0] == seen_address[0] && address[1] == seen_address[1];
}

/* A segment of the session that the packets are written into: each that is shown would make another. */
ALWAYS_INLINE int match_own_session(const volatile struct session *session, const struct flow_key *key)
{
	if (!(key->flags & FLOW_HAS_PORTS) || key->protocol != PROTOCOL_TCP)
		return 0;
	if (is_end(session->client, session->client_port, key->source, key->source_port))
		return is_end(session->server, session->server_port, key->destination, key->destination_port);
	return is_end(session->server, session->server_port, key->source, key->source_port) &&
	       is_end(session->client, session->client_port, key->destination, key->destination_port);
}

/* The verdict of the flags on a frame that has been dissected. */
ALWAYS_INLINE enum verdict match_flow(const volatile struct filter_config *config, const void *spec, void *state,
				      struct flow_key *key)
{
	if (config->loopback == LOOPBACK_DROP && key->flags & FLOW_HAS_ADDRESSES &&
	    (is_loopback_address(key->source) || is_loopback_address(key->destination)))
		return VERDICT_LOOPBACK;
	if (!config->every_protocol) {
		if (!key->version)
			return VERDICT_NOT_IP;
		if (key->flags & FLOW_MALFORMED)
			return VERDICT_MALFORMED;
		if (!match_protocol(config, key->protocol))
			return VERDICT_PROTOCOL;
	}
	if (config->address_lists && !match_addresses(config, spec, key))
		return VERDICT_HOST;
	if (filter_needs_ports(config) && key->flags & (FLOW_FIRST_FRAGMENT | FLOW_LATER_FRAGMENT))
		follow_datagram(state, key);
	if (config->port_lists && !match_ports(config, spec, key))
		return VERDICT_PORT;
	if ((config->tcp_flags_set || config->tcp_flags_clear) && !match_tcp_flags(config, key))
		return VERDICT_TCP_FLAGS;
	if (config->own_session.is_set && match_own_session(&config->own_session, key))
		return VERDICT_OWN_SESSION;
	return VERDICT_ACCEPTED;
}

#endif
