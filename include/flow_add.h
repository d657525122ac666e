/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_ADD_H
#define BPFSNIFF_FLOW_ADD_H

#include "compiler.h"
#include "flow_totals.h"
#include "tcp_connection.h"

/* Adding up what packets are to their flow, compiled for the kernel and for user space. */

/* Who opens the connection; who answers a SYN says that the other one does. */
ALWAYS_INLINE __u32 flow_origin(const struct flow_packet *packet)
{
	const int answers = packet->tcp_flags & TCP_ACK;
	__u32 origin = packet->from_high ? FLOW_FROM_HIGH : 0;

	if (!(packet->tcp_flags & TCP_SYN))
		return origin;
	return origin | (!packet->from_high == !answers ? FLOW_SYN_LOW : FLOW_SYN_HIGH);
}

/* Whether both ends have closed the connection, or one has reset it. */
ALWAYS_INLINE int flow_is_closed(const struct flow_totals *totals)
{
	const __u32 low = totals->sides[0].tcp_flags, high = totals->sides[1].tcp_flags;

	return (low | high) & TCP_RST || low & high & TCP_FIN;
}

/* What a first packet makes of totals that are all zero, before it is added. */
ALWAYS_INLINE void flow_begin(struct flow_totals *totals, const struct flow_packet *packet)
{
	totals->first = totals->last = packet->time;
	totals->origin = flow_origin(packet);
}

/* Packets and bytes are exact also where several CPUs add to one flow; of the rest one may miss what another notes at
 * the same moment. */
ALWAYS_INLINE void flow_add_to_side(struct flow_side *side, const struct flow_packet *packet)
{
	__sync_fetch_and_add(&side->packets, 1);
	__sync_fetch_and_add(&side->bytes, packet->bytes);
	if (packet->retransmission)
		side->retransmissions++;
	if (packet->rtt && (!side->rtt || packet->rtt < side->rtt))
		side->rtt = packet->rtt;
	if (packet->tcp_flags & ~side->tcp_flags)
		side->tcp_flags |= packet->tcp_flags;
}

ALWAYS_INLINE void flow_add(struct flow_totals *totals, const struct flow_packet *packet)
{
	if (packet->from_high)
		flow_add_to_side(&totals->sides[1], packet);
	else
		flow_add_to_side(&totals->sides[0], packet);
	if (packet->time > totals->last)
		totals->last = packet->time;
	if (packet->time && (!totals->first || packet->time < totals->first))
		totals->first = packet->time;
	if (packet->handshake)
		totals->handshake = packet->handshake;
	if (packet->tcp_flags & TCP_SYN && !(totals->origin & (FLOW_SYN_LOW | FLOW_SYN_HIGH)))
		totals->origin |= flow_origin(packet) & (FLOW_SYN_LOW | FLOW_SYN_HIGH);
}

#endif
