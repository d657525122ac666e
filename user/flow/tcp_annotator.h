/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_ANNOTATOR_H
#define BPFSNIFF_TCP_ANNOTATOR_H

#include "flow/tcp_summary.h"
#include "flow/tcp_table.h"
#include "packet/annotator.h"
#include "packet/packet.h"
#include "tcp_work.h"

/* Says of a TCP segment what it means within its connection, as far as the packets that came before tell. A fragment,
 * and a segment whose fixed header is cut, is not judged and changes nothing. */
struct tcp_annotator {
	struct annotator annotator; /* first, so that one pointer is both */
	struct tcp_table *table;
	struct tcp_analysis analysis;
	struct tcp_summary summary;
	uint64_t forgotten; /* connections that were judged here, and lost their place in the table */
};

enum { TCP_CONNECTIONS = 65536 }; /* that are remembered */

/* Make room for so many connections. 0 or -ENOMEM. */
int tcp_annotator_init(struct tcp_annotator *annotator, uint32_t connections);

/* The connection and the segment of a packet. False if it is not judged; else *high says whether it comes from the high
 * endpoint. */
bool tcp_segment_of(const struct packet *packet, struct flow_id *id, struct tcp_segment *segment, bool *high);

/* What a segment means by what was found, which does not include its round-trip time. */
struct tcp_analysis tcp_analysis_of(const struct tcp_side *sender, const struct tcp_side *receiver,
				    const struct tcp_segment *segment, const struct tcp_finding *finding);

/* Of what has been found at several segments that are the same, which belongs to one that came at `time` (ns of
 * CLOCK_MONOTONIC): the run that it is in, or the nearest. */
const struct tcp_told_run *tcp_told_run_at(const struct tcp_told *told, uint64_t time);

/* Count events that were found elsewhere at a segment of this connection. */
void tcp_annotator_count(struct tcp_annotator *annotator, const struct flow_id *id, uint32_t events);

/* Segments may have passed unseen: judge the next one of each connection as a first one. What was found stays, and
 * so do the numbers that relative ones count from. */
void tcp_annotator_restart(struct tcp_annotator *annotator);

/* What it has found so far; the connections that are still in the table among it. */
void tcp_annotator_sum_up(const struct tcp_annotator *annotator, struct tcp_summary *summary);

/* Takes a zeroed struct too. */
void tcp_annotator_release(struct tcp_annotator *annotator);

#endif
