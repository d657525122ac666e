/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OFFLINE_FILTER_H
#define BPFSNIFF_OFFLINE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "filter/expression_set.h"
#include "filter/filter_spec.h"
#include "flow_key.h"
#include "flow_totals.h"
#include "packet/frame.h"
#include "tcp_work.h"

struct flow_limits;
struct helper_process;

enum { UNDECODED_LINK_TYPES = 8 };

/* Frames of a link type that is not decoded, so that no IP header is found in them. */
struct undecoded {
	uint16_t link_type;
	uint64_t frames;
};

/* The kernel's judgement of a frame in memory: the same code, compiled from include/. */
struct offline_filter {
	const struct filter_spec *spec;
	struct expression_set expressions;
	struct helper_process *compiler; /* NULL: this process compiles */
	struct flow_limits *flows;       /* NULL: nothing is kept about flows */
	uint64_t seen;                   /* frames, counted before they are judged */
	uint64_t counts[VERDICT_COUNT];  /* frames judged */
	uint64_t undirected;             /* that --direction was to judge, and whose direction nobody knows */
	struct undecoded undecoded[UNDECODED_LINK_TYPES]; /* in the order in which they were seen, as many as fit */
	size_t undecoded_count;

	/* Of the frame judged last. */
	enum verdict verdict;
	bool is_own_session; /* it is a segment of spec->config.own_session, whatever its verdict */
	struct dissection dissection;
	uint64_t place_in_flow;                  /* with --first: its ordinal in the flow, from 1 */
	struct tcp_work tcp;                     /* with --tcp-event, if it was judged by that */
	const struct tcp_connection *connection; /* then what is known of its connection; NULL: it was not */
	struct flow_packet flow; /* if flows are counted, and it was accepted: what it adds to its flow */
	uint64_t time;           /* ns since 1970-01-01 UTC */
	uint32_t frame_end;      /* where the frame ends on the wire, as offsets in it count */
};

/* `expression` NULL: none. 0 or -ENOMEM. */
int offline_filter_init(struct offline_filter *offline, const struct filter_spec *spec, const char *expression);

/* Have the expression compiled by another process (see expression_compiler.h), because this one is about to give up
 * what that takes. 0, also without an expression, or -errno. */
int offline_filter_hire_compiler(struct offline_filter *offline, const char *user);

/* Judge a frame and count it. The verdict (enum verdict), also in offline->verdict, where what led to it stands behind
 * it. Or -EINVAL with offline->expressions.error when the expression cannot be compiled for the frame's link type,
 * -EINTR when a signal asked to end while it was compiled, or -ENOMEM. */
int offline_filter_match(struct offline_filter *offline, const struct frame *frame);

/* The lists that an address of a flow key is in; bits of enum list. */
uint32_t offline_filter_lists_of(const struct offline_filter *offline, const __u64 address[2]);

/* Flows that have been forgotten for want of room. */
void offline_filter_evicted(const struct offline_filter *offline, uint64_t *flows, uint64_t *connections);

void offline_filter_release(struct offline_filter *offline);

#endif
