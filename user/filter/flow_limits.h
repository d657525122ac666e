/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_LIMITS_H
#define BPFSNIFF_FLOW_LIMITS_H

#include <stdint.h>

#include "flow_id.h"
#include "tcp_connection.h"

/* For frames in memory, what the kernel keeps in LRU maps: the packet counts of flows, connections, and the ports of
 * fragmented datagrams. */
struct flow_limits;

/* Make room for `flows` flows, and for as many datagrams as the kernel's map holds. NULL without memory. */
struct flow_limits *flow_limits_open(uint32_t flows);

/* Count a packet of a flow and return its ordinal in the flow, from 1. When there is no room, a new flow evicts the
 * least recently used one. Without memory every packet of it is the first. */
uint64_t flow_limits_count(struct flow_limits *table, const struct flow_id *id);

/* Remember the ports of a datagram for its later fragments; without memory do nothing. */
void flow_limits_remember(struct flow_limits *table, const struct datagram_id *id, const struct datagram_ports *ports);

/* The ports of a datagram, valid until the next flow_limits_remember(); NULL if it is not known. */
const struct datagram_ports *flow_limits_recall(struct flow_limits *table, const struct datagram_id *id);

/* The connection of a flow, a new one all zero; valid until the next call. When there is no room, a new one evicts the
 * least recently used one. NULL without memory. */
struct tcp_connection *flow_limits_connection(struct flow_limits *table, const struct flow_id *id);

/* How many flows, or connections, have been evicted. */
uint64_t flow_limits_evicted(const struct flow_limits *table);
uint64_t flow_limits_evicted_connections(const struct flow_limits *table);

/* Takes NULL. */
void flow_limits_close(struct flow_limits *table);

#endif
