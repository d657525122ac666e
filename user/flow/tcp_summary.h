/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_SUMMARY_H
#define BPFSNIFF_TCP_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "flow_id.h"
#include "packet/tcp_event_names.h"

enum {
	TCP_WORST = 5,
	TCP_SUMMARY_TEXT_MAX = 2048,
};

/* A connection, and how many of its segments had an event that slows it down. */
struct tcp_worst {
	struct flow_id id;
	uint32_t suffered;
};

/* What was found in all connections. */
struct tcp_summary {
	uint64_t events[TCP_EVENTS];       /* segments, by the place of the event's bit */
	struct tcp_worst worst[TCP_WORST]; /* from the worst; `suffered` 0: no more */
};

/* The events that a connection suffers by, bits of enum tcp_event: not what is a part of healthy connections. */
extern const uint32_t tcp_suffering;

/* Enter a connection if it is among the worst; of one that is there already, its segments are added up. */
void tcp_summary_enter(struct tcp_summary *summary, const struct flow_id *id, uint32_t suffered);

/* Lines of text, terminated, for people: the events that were found, and the worst connections. Empty if there were
 * none. Returns the length. */
size_t tcp_summary_text(const struct tcp_summary *summary, char text[TCP_SUMMARY_TEXT_MAX]);

#endif
