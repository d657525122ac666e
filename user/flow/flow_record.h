/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_RECORD_H
#define BPFSNIFF_FLOW_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "counted_flow.h"

/* The bytes that a flow had in the last whole period, where `period` is the current one of its table. */
static inline uint64_t flow_recent_bytes(const struct flow_record *record, uint32_t period)
{
	if (record->period == period)
		return record->previous_bytes;
	return record->period + 1 == period ? record->recent_bytes : 0;
}

/* Which of the two ends is the source: it has sent the SYN, or if none was seen the first packet. */
static inline bool flow_source_is_high(const struct flow_totals *totals)
{
	if (totals->origin & (FLOW_SYN_LOW | FLOW_SYN_HIGH))
		return !(totals->origin & FLOW_SYN_LOW);
	return totals->origin & FLOW_FROM_HIGH;
}

/* Whether its packets have addresses: what is not IP is one flow without. */
static inline bool flow_has_addresses(const struct flow_id *id)
{
	return id->low[0] || id->low[1] || id->high[0] || id->high[1];
}

/* One end of a flow: 16 bytes of address, as on the wire, IPv4 mapped into IPv6. */
struct flow_endpoint {
	const uint8_t *address;
	uint16_t port;
};

static inline struct flow_endpoint flow_endpoint(const struct flow_id *id, bool high)
{
	return high ? (struct flow_endpoint){(const uint8_t *)id->high, id->high_port}
		    : (struct flow_endpoint){(const uint8_t *)id->low, id->low_port};
}

/* Whether flows of its protocol have ports, and its packets had them. */
bool flow_has_ports(const struct flow_id *id);

/* The word of the contract for an end; NULL for FLOW_GOES_ON. */
const char *flow_end_name(enum flow_end end);

/* How its connection stands, in a word of at most 6 letters; of what is no TCP, the name of the protocol. NULL: that
 * has none. */
const char *flow_state_name(const struct flow_record *record);

/* The round-trip time of the whole path in ns, wherever on it this is: the shortest to each end, added up. 0: not
 * known. */
static inline uint64_t flow_rtt(const struct flow_totals *totals)
{
	return totals->sides[0].rtt + totals->sides[1].rtt;
}

static inline uint64_t flow_bytes_sum(const struct flow_totals *totals)
{
	return totals->sides[0].bytes + totals->sides[1].bytes;
}

static inline uint64_t flow_packets_sum(const struct flow_totals *totals)
{
	return totals->sides[0].packets + totals->sides[1].packets;
}

#endif
