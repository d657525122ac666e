/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_NUMBERS_H
#define BPFSNIFF_TCP_NUMBERS_H

#include "packet/packet.h"
#include "print/style.h"

enum {
	TCP_FLAG_FIN = 0x01,
	TCP_FLAG_SYN = 0x02,
	TCP_FLAG_RST = 0x04,
	TCP_FLAG_ACK = 0x10,
};

/* Sequence numbers as text shows them: relative to the first of the connection, but absolute with -S, and where nothing
 * is known of the connection. A SYN tells where they start. */
static inline uint32_t tcp_shown_seq(const struct style *style, const struct packet *packet)
{
	if (!packet->analysis || style->absolute || packet->tcp.flags & TCP_FLAG_SYN)
		return packet->tcp.seq;
	return packet->analysis->relative_seq;
}

static inline uint32_t tcp_shown_ack(const struct style *style, const struct packet *packet)
{
	if (!packet->analysis || style->absolute || !packet->analysis->has_relative_ack)
		return packet->tcp.ack;
	return packet->analysis->relative_ack;
}

/* The window in bytes as far as its scale is known; that of a SYN is never scaled (RFC 7323 2.2). */
static inline uint32_t tcp_shown_window(const struct packet *packet)
{
	const struct tcp_analysis *analysis = packet->analysis;

	if (!analysis || analysis->window_shift <= 0 || packet->tcp.flags & TCP_FLAG_SYN)
		return packet->tcp.window;
	return (uint32_t)packet->tcp.window << analysis->window_shift;
}

#endif
