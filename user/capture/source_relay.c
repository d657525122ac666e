/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/source_relay.h"

#include "base/clock.h"

enum {
	PATIENCE_NS = NSEC_PER_SEC / 2, /* many times the ring's block timeout */
};

static int relay_next(struct source *source, struct frame *frame)
{
	struct source_relay *relay = (struct source_relay *)source;

	if (relay->then && relay->left) {
		int ret = relay->now->next(relay->now, frame);

		relay->left -= ret > 0;
		if (ret || clock_monotonic_ns() < relay->deadline_ns)
			return ret;
	}
	if (relay->then) {
		relay->now = relay->then;
		relay->then = NULL;
		relay->handed_over(relay->context, relay->left);
	}
	return relay->now->next(relay->now, frame);
}

void source_relay_init(struct source_relay *relay, struct source *first)
{
	*relay = (struct source_relay){.source = {.next = relay_next}, .now = first};
}

void source_relay_change(struct source_relay *relay, struct source *then, uint64_t left)
{
	relay->then = then;
	relay->left = left;
	relay->deadline_ns = clock_monotonic_ns() + PATIENCE_NS;
}
