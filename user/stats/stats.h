/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STATS_H
#define BPFSNIFF_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "base/json.h"

/* What was counted of flows. */
struct stats_flows {
	uint64_t count; /* flows that are not evicted, and what they hold */
	uint64_t packets, bytes;
	uint64_t evicted, evicted_packets, evicted_bytes;
	uint64_t accepted_bytes;                   /* of the IP packets that the filter has accepted */
	uint64_t unwanted_packets, unwanted_bytes; /* that were accepted until their process was known */
};

/* One report. Each number is counted in a place of its own, so that the sums can fail. */
struct stats {
	uint64_t seen;                   /* frames that reached the filter, counted before it judged them */
	uint64_t verdict[VERDICT_COUNT]; /* by the filter's judgement */
	uint64_t delivered;              /* handed to the output */
	uint64_t lost;                   /* found the ring full, as the socket counts them */
	uint64_t evicted;                /* flows of --first that lost their place to newer ones */
	uint64_t connections_evicted;    /* the same of --tcp-event */
	uint64_t connections_forgotten;  /* the same of the analysis of TCP, where --tcp-event does not do that */
	uint64_t analyses_lost;          /* packets of --tcp-event that were read when what was found had gone */
	bool counts_flows;
	struct stats_flows flows;
	uint64_t owners_evicted; /* flows whose owners lost theirs */
};

enum { STATS_TEXT_MAX = 1536 };

/* seen - accepted - rejected: frames that have not been judged yet; and accepted - delivered - lost: those still on
 * their way to the output. Both are 0 at the end of a capture; a negative number is a bug. */
int64_t stats_unjudged(const struct stats *stats);
int64_t stats_undelivered(const struct stats *stats);

/* What was accepted without being counted to a flow or as evicted: packets, and bytes. Both are 0 when the capture has
 * ended. */
int64_t stats_uncounted_packets(const struct stats *stats);
int64_t stats_uncounted_bytes(const struct stats *stats);

/* The reasons that are not zero, with their numbers: "loopback 40, not-ip 2". Returns the length. */
size_t stats_reasons(const struct stats *stats, char text[STATS_TEXT_MAX]);

/* "statistics", the member of a JSON object. */
struct json stats_member(struct json json, const struct stats *stats);

/* The contract's three lines, or its JSON object with a newline; terminated. What is in flight is told as such. Returns
 * the length. */
size_t stats_text(const struct stats *stats, char text[STATS_TEXT_MAX]);
size_t stats_json(const struct stats *stats, char text[STATS_TEXT_MAX]);

#endif
