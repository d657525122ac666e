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
	PIPELINE_SINKS = 3,
	PIPELINE_ANNOTATORS = 4,
};

/* Why a run ended. */
enum pipeline_end {
	PIPELINE_GOES_ON,
	PIPELINE_COUNT,    /* enough packets */
	PIPELINE_DURATION, /* enough time */
	PIPELINE_SIGNAL,
	PIPELINE_SOURCE, /* nothing more will come */
	PIPELINE_GONE,   /* every interface has gone */
	PIPELINE_SOURCE_ERROR,
	PIPELINE_SINK_ERROR,
};

struct pipeline_limits {
	uint64_t packets;     /* to show; 0: no limit */
	uint64_t duration_ns; /* 0: no limit */
	uint64_t stats_ns;    /* between two reports, 0: none */
	uint64_t silence_ns;  /* after which to report that no packet has come; 0: never */
	bool flush_each;      /* after every packet, not only when the source is idle */
	int output_fd;        /* the pipe that the output goes to; -1: not a pipe */
};

/* From the source through the offline filter, decode and the annotators to the sinks. The first part is filled in by
 * the caller. */
struct pipeline {
	struct pipeline_limits limits;
	struct source *source;
	struct offline_filter *offline; /* judges the frames; NULL: the kernel has judged them */
	bool shows_rejected;            /* sinks that take rejected packets get them */
	uint32_t snaplen;               /* bytes to keep of a frame after `offline` has judged it; 0: all */
	struct annotator *annotators[PIPELINE_ANNOTATORS];
	size_t annotator_count;
	struct sink *sinks[PIPELINE_SINKS];
	size_t sink_count;
	/* Report the statistics: SIGUSR1 asks for them, or every limits.stats_ns. */
	void (*report)(void *context, bool periodic);
	/* No packet has been shown in the first limits.silence_ns. */
	void (*silence)(void *context);
	void *context;

	struct event_loop loop;    /* waits while the source is idle; the caller adds its own events */
	bool decodes;              /* frames are decoded */
	uint64_t shown;            /* packets that all sinks have taken */
	uint64_t delivered;        /* the accepted ones among them */
	uint64_t unwanted;         /* packets that an annotator has taken back */
	enum pipeline_end end;     /* of this run */
	int error;                 /* -errno of PIPELINE_SOURCE_ERROR or PIPELINE_SINK_ERROR */
	int sink_error;            /* the last of PIPELINE_SINK_ERROR */
	const struct sink *failed; /* the first sink that has; NULL: none */
	uint64_t refused;          /* the number of the packet that a sink has refused */
};

/* Start with nothing to wait for. */
void pipeline_init(struct pipeline *pipeline);

/* Have this annotator see each packet before those that are there. */
void pipeline_annotate_first(struct pipeline *pipeline, struct annotator *annotator);

/* Block the signals that a run handles, which ended the program before; call this before any output is opened. 0 or
 * -errno. */
int pipeline_take_signals(struct pipeline *pipeline);

/* Run until something ends it. All delivered packets have been flushed then. */
enum pipeline_end pipeline_run(struct pipeline *pipeline);

/* End the run, unless it has ended already. For the handlers of events. */
void pipeline_stop(struct pipeline *pipeline, enum pipeline_end end);

/*
 * After the source has been cut off: show what is still in it, up to `total` packets shown in all (or the limit). Ends
 * early on a second signal, on an error, or when nothing comes for a while.
 */
enum pipeline_end pipeline_drain(struct pipeline *pipeline, uint64_t total);

/* Read at most `frames` frames that are left in the source, which has been cut off, and drop them. Returns how many
 * there were. */
uint64_t pipeline_discard(struct pipeline *pipeline, uint64_t frames);

/* Flush the sinks, or tell them the text of the filter that is in force from now on. A sink that fails here fails again
 * at the next packet. */
void pipeline_flush(struct pipeline *pipeline);
void pipeline_filter_changed(struct pipeline *pipeline, const char *text);

/* How many of the `shown` packets every sink has written out: the others were not delivered. After pipeline_run() or
 * pipeline_drain(). */
uint64_t pipeline_written(const struct pipeline *pipeline);

/* Finish the output of every sink. 0, or the first -errno of a sink since the start: then what a sink has taken but not
 * written was not delivered. */
int pipeline_finish(struct pipeline *pipeline);

/* Takes a zeroed struct too. Sources and sinks stay the caller's. */
void pipeline_release(struct pipeline *pipeline);

#endif
