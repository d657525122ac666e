/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_ANALYSIS_H
#define BPFSNIFF_TCP_ANALYSIS_H

#include <stdbool.h>
#include <stdint.h>

/* What a TCP segment means within its connection. All numbers are in host byte order. */
struct tcp_analysis {
	uint32_t events;           /* enum tcp_event of "tcp_event.h" */
	uint32_t duplicate_number; /* of a duplicate ACK: its ordinal, from 1 */
	uint32_t relative_seq;     /* counted from the first sequence number seen of its direction */
	uint32_t relative_ack;
	bool has_relative_ack; /* false without ACK, and while nothing was seen of the other direction */
	int8_t window_shift;   /* how far the window is shifted (RFC 7323 section 2.2); -1: no SYN was seen, unknown */
	uint64_t rtt_ns;       /* from the segment to the ACK that covers it, which is this one; 0: none */
	uint64_t handshake_ns; /* from the SYN to the ACK of the SYN,ACK, which is this one; 0: none */
};

#endif
