/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SINK_H
#define BPFSNIFF_SINK_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "packet/packet.h"

/* Where packets go. A sink keeps nothing of a packet after packet() has returned. */
struct sink {
	bool takes_rejected; /* it also wants packets that the filter has rejected */
	bool takes_frames;   /* it only looks at packet->frame */
	/* Take one packet. 0, or the -errno of a failed write. */
	int (*packet)(struct sink *sink, const struct packet *packet);
	/* Write out everything that was taken. 0 or -errno. */
	int (*flush)(struct sink *sink);
	/* The time is `now`, in seconds since 1970-01-01 UTC. NULL: of no interest. 0 or -errno. */
	int (*tick)(struct sink *sink, int64_t now);
	/* When the next tick is due; 0: never. NULL if tick is. */
	int64_t (*deadline)(const struct sink *sink);
	/* A new filter is in force from now on; `text` describes it. NULL: of no interest. 0 or -errno. */
	int (*filter_changed)(struct sink *sink, const char *text);
	/* Write what belongs at the end, and flush. NULL: call flush(). Only close() may follow. 0 or -errno. */
	int (*finish)(struct sink *sink);
	/* How many of the packets that packet() has taken have reached the file or pipe whole. After flush() or
	 * finish() has returned 0: all of them. */
	uint64_t (*written)(const struct sink *sink);
	/* Store the path of what is written, for messages. NULL: it is standard output. */
	void (*path)(const struct sink *sink, char path[PATH_MAX]);
	/* Free; does not flush. */
	void (*close)(struct sink *sink);
};

#endif
