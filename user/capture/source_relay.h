/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SOURCE_RELAY_H
#define BPFSNIFF_SOURCE_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/frame.h"

/* A source that goes on to another when one is exhausted: frames that two filters have judged, one after the other. */
struct source_relay {
	struct source source; /* first, so that one pointer is both */
	struct source *now;
	struct source *then; /* NULL: no change is under way */
	uint64_t left;       /* frames that `now` has still to give before `then` takes over */
	int64_t deadline_ns; /* of the monotonic clock: a frame that has not come by then will not come */
	/* Called when `then` has become `now`; `missing` frames did not come, which is a bug. */
	void (*handed_over)(void *context, uint64_t missing);
	void *context;
};

void source_relay_init(struct source_relay *relay, struct source *first);

/* Go on to `then` after exactly `left` more frames of the source that is read now. */
void source_relay_change(struct source_relay *relay, struct source *then, uint64_t left);

#endif
