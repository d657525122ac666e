/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SOURCE_RELAY_H
#define BPFSNIFF_SOURCE_RELAY_H

#include <stdint.h>

#include "packet/frame.h"

/* A source that reads one source and then, after a swap of filters, another. */
struct source_relay {
	struct source source; /* first, so that one pointer is both */
	struct source *now;
	struct source *then; /* NULL: no change is pending */
	uint64_t left;       /* frames still to come from `now` before `then` takes over */
	int64_t deadline_ns; /* of CLOCK_MONOTONIC: frames that have not come by then never will */
	/* Called when `then` has become `now`. `missing` frames never came, which is a bug unless it is 0. */
	void (*handed_over)(void *context, uint64_t missing);
	void *context;
};

/* Read `first`. The caller sets handed_over and context before the first change. */
void source_relay_init(struct source_relay *relay, struct source *first);

/* Switch to `then` after exactly `left` more frames of the current source. No change may be pending. */
void source_relay_change(struct source_relay *relay, struct source *then, uint64_t left);

#endif
