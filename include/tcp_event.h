/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_EVENT_H
#define BPFSNIFF_TCP_EVENT_H

/* What a TCP segment tells of its connection, by its state so far. All but RESET mean what tshark 4.0 means by the
 * field tcp.analysis.* of that name. */
enum tcp_event {
	TCP_EVENT_RETRANSMISSION = 1 << 0, /* also set with the next two */
	TCP_EVENT_FAST_RETRANSMISSION = 1 << 1,
	TCP_EVENT_SPURIOUS_RETRANSMISSION = 1 << 2,
	TCP_EVENT_OUT_OF_ORDER = 1 << 3,
	TCP_EVENT_LOST_SEGMENT = 1 << 4,
	TCP_EVENT_ACK_LOST_SEGMENT = 1 << 5,
	TCP_EVENT_DUPLICATE_ACK = 1 << 6,
	TCP_EVENT_ZERO_WINDOW = 1 << 7,
	TCP_EVENT_ZERO_WINDOW_PROBE = 1 << 8,
	TCP_EVENT_ZERO_WINDOW_PROBE_ACK = 1 << 9,
	TCP_EVENT_WINDOW_FULL = 1 << 10,
	TCP_EVENT_WINDOW_UPDATE = 1 << 11,
	TCP_EVENT_KEEP_ALIVE = 1 << 12,
	TCP_EVENT_KEEP_ALIVE_ACK = 1 << 13,
	TCP_EVENT_REUSED_PORTS = 1 << 14,
	TCP_EVENT_RESET = 1 << 15, /* the segment has RST; for --tcp-event only */
};

#endif
