/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SINK_H
#define BPFSNIFF_SINK_H

#include <stdbool.h>

#include "packet/packet.h"

/* Where packets go. A sink keeps nothing of a packet after packet() has returned. */
struct sink {
	bool takes_rejected; /* packets that the filter has rejected are for it too */
	bool takes_frames;   /* of a packet it looks at nothing but the frame */
	/* Take one packet. 0, or the -errno of a failed write. */
	int (*packet)(struct sink *sink, const struct packet *packet);
	/* Hand on everything that was taken. 0 or -errno. */
	int (*flush)(struct sink *sink);
	/* The clock has moved on to `now`: seconds since 1970-01-01 UTC. NULL: of no interest. 0 or -errno. */
	int (*tick)(struct sink *sink, int64_t now);
	/* When the next tick is due, 0: never. NULL with tick. */
	int64_t (*deadline)(const struct sink *sink);
	/* From here on another filter judges, of which this is the text. NULL: of no interest. 0 or -errno. */
	int (*filter_changed)(struct sink *sink, const char *text);
	/* Write what belongs at the end, and flush. NULL: flush() does. Nothing may follow but close(). 0 or -errno. */
	int (*finish)(struct sink *sink);
	/* Free; does not flush. */
	void (*close)(struct sink *sink);
};

#endif
