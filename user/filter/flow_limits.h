/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_LIMITS_H
#define BPFSNIFF_FLOW_LIMITS_H

#include <stdint.h>

#include "flow_id.h"

/* What the kernel keeps in two LRU maps, for frames in memory: packets of flows, and ports of datagrams in fragments.
 */
struct flow_limits;

/* Room for `flows`, and for as many datagrams as the kernel's map has; NULL without memory. */
struct flow_limits *flow_limits_open(uint32_t flows);

/* Count a packet of a flow: the how many-th it is, from 1. A flow that finds no room takes that of the one not seen for
 * longest; without memory every packet is the first. */
uint64_t flow_limits_count(struct flow_limits *table, const struct flow_id *id);

void flow_limits_remember(struct flow_limits *table, const struct datagram_id *id, const struct datagram_ports *ports);

/* NULL when the datagram is not known. */
const struct datagram_ports *flow_limits_recall(struct flow_limits *table, const struct datagram_id *id);

/* Flows that have lost their room. */
uint64_t flow_limits_evicted(const struct flow_limits *table);

void flow_limits_close(struct flow_limits *table);

#endif
