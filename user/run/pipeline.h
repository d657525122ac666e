/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PIPELINE_H
#define BPFSNIFF_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/event_loop.h"
#include "filter/offline_filter.h"
#include "packet/annotator.h"
#include "packet/frame.h"
#include "packet/sink.h"

enum {
	PIPELINE_SINKS = 2,
	PIPELINE_ANNOTATORS = 4,
};

/* Why a run ended. */
enum pipeline_end {
	PIPELINE_GOES_ON,
	PIPELINE_COUNT,    /* enough packets */
	PIPELINE_DURATION, /* enough time */
	PIPELINE_SIGNAL,
	PIPELINE_SOURCE, /* nothing more will come */
	PIPELINE_GONE,   /* nor from anywhere: there is nothing left to listen on */
	PIPELINE_SOURCE_ERROR,
	PIPELINE_SINK_ERROR,
};

struct pipeline_limits {
	uint64_t packets;     /* to show, 0: no end */
	uint64_t duration_ns; /* 0: no end */
	uint64_t stats_ns;    /* between two reports, 0: none */
	uint64_t silence_ns;  /* without a packet from the start, 0: any */
	bool flush_each;      /* after every packet, not just when the source has nothing more */
	int output_fd;        /* the pipe that the output goes into; -1: another kind of file */
};

/* From the source through the offline filter, decode and the annotators to the sinks. The first part is filled in by
 * the caller. */
struct pipeline {
	struct pipeline_limits limits;
	struct source *source;
	struct offline_filter *offline; /* judges the frames; NULL: the kernel has */
	bool shows_rejected;            /* what `offline` rejects goes to the sinks that take it */
	uint32_t snaplen;               /* bytes that are kept of a frame that `offline` has judged, 0: all */
	struct annotator *annotators[PIPELINE_ANNOTATORS];
	size_t annotator_count;
	struct sink *sinks[PIPELINE_SINKS];
	size_t sink_count;
	/* Report the statistics, as a signal or the clock asks for it. */
	void (*report)(void *context);
	/* Nothing has been shown in the first limits.silence_ns. */
	void (*silence)(void *context);
	void *context;

	struct event_loop loop; /* what to wait on while the source has nothing; others may add to it */
	bool decodes;           /* frames are decoded */
	uint64_t shown;         /* packets that every sink has taken that wants them */
	uint64_t delivered;     /* the accepted ones among them */
	enum pipeline_end end;  /* of this run, as soon as it is known */
	int error;              /* -errno of PIPELINE_SOURCE_ERROR or PIPELINE_SINK_ERROR */
	int sink_error;         /* the last of PIPELINE_SINK_ERROR */
};

/* Block the signals that a run listens to, before anything can take long. 0 or -errno. */
int pipeline_init(struct pipeline *pipeline);

/* Run until something ends it. Everything taken by then has been flushed. */
enum pipeline_end pipeline_run(struct pipeline *pipeline);

/* End the run, unless it has an end already: for the handlers of what was added to the loop. */
void pipeline_stop(struct pipeline *pipeline, enum pipeline_end end);

/*
 * After the source has been cut off: show what is still in it, up to `total` packets shown in all (or the limit). Ends
 * early on a second signal, on an error, or when nothing comes for a while.
 */
enum pipeline_end pipeline_drain(struct pipeline *pipeline, uint64_t total);

/* Have the sinks hand on what they have, or tell them the text of the filter that judges from here on. An error comes
 * again with the next packet. */
void pipeline_flush(struct pipeline *pipeline);
void pipeline_filter_changed(struct pipeline *pipeline, const char *text);

/* End what the sinks write. 0 or the first -errno, also that of PIPELINE_SINK_ERROR. */
int pipeline_finish(struct pipeline *pipeline);

/* Takes a zeroed struct too. Sources and sinks stay the caller's. */
void pipeline_release(struct pipeline *pipeline);

#endif
