/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FILTER_NEEDS_H
#define BPFSNIFF_FILTER_NEEDS_H

#include "abi.h"
#include "compiler.h"

/* What a filter has to know of a frame; what it does not need, it does not read. */

/* Above 0: ports and TCP flags are wanted. */
enum { DISSECT_LENGTH = 2 };

/* The state of TCP connections? */
ALWAYS_INLINE int filter_follows_tcp(const volatile struct filter_config *config)
{
	return config->tcp_events || config->counts_flows;
}

/* The ports, also those of a later fragment? */
ALWAYS_INLINE int filter_needs_ports(const volatile struct filter_config *config)
{
	return config->port_lists || config->first || config->sample || filter_follows_tcp(config) ||
	       config->own_session.is_set;
}

/* Ports or TCP flags? And the length? */
ALWAYS_INLINE int filter_needs_transport(const volatile struct filter_config *config)
{
	if (config->counts_flows)
		return 1 | DISSECT_LENGTH;
	return filter_needs_ports(config) || config->tcp_flags_set || config->tcp_flags_clear || config->asks_owner;
}

/* Whether a step behind the flags looks at what was read. */
ALWAYS_INLINE int filter_keeps_dissection(const volatile struct filter_config *config)
{
	return config->first || config->sample || filter_follows_tcp(config) || config->asks_owner;
}

#endif
