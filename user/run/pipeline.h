/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PIPELINE_H
#define BPFSNIFF_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "filter/offline_filter.h"
#include "packet/frame.h"
#include "packet/sink.h"
#include "savefile/savefile_write.h"

enum {
	PIPELINE_SINKS = 2,
	PIPELINE_FDS = 1024, /* that one source may have */
};

/* Why a run ended. */
enum pipeline_end {
	PIPELINE_COUNT,    /* enough packets */
	PIPELINE_DURATION, /* enough time */
	PIPELINE_SIGNAL,
	PIPELINE_SOURCE, /* nothing more will come */
	PIPELINE_GONE,   /* nor from anywhere: there is nothing left to listen on */
	PIPELINE_SOURCE_ERROR,
	PIPELINE_SINK_ERROR,
};

/* From the source through the offline filter and decode to the sinks. The first part is filled in by the caller. */
struct pipeline {
	struct source *source;
	int fds[PIPELINE_FDS]; /* to wait on while the source has nothing */
	size_t fd_count;
	struct sink *sinks[PIPELINE_SINKS];
	size_t sink_count;
	uint64_t limit;                 /* packets to show, 0: no end */
	uint64_t duration_ns;           /* 0: no end */
	uint64_t stats_ns;              /* between two reports, 0: none */
	bool flush_each;                /* after every packet, not just when the source has nothing more */
	struct offline_filter *offline; /* judges the frames; NULL: the kernel has */
	int output_fd;                  /* the pipe that the output goes into; below 0: another kind of file */
	bool explain;                   /* with `offline`: what it rejects is shown too, and why */
	uint32_t snaplen;               /* bytes that are kept of a frame that `offline` has judged, 0: all */
	/* Report the statistics, as a signal or the clock asks for it. */
	void (*report)(void *context, uint64_t delivered);
	/* Nothing has been shown in the first silence_ns; 0: that is of no interest. */
	void (*silence)(void *context);
	uint64_t silence_ns;
	/* Serve control_fd, when it is readable; below 0: there is none. */
	void (*serve)(void *context);
	int control_fd;
	/* Take the error that fds[index] tells (NULL: they tell none), and look after those that have told one when
	 * watch_fd is readable; false: none is left. */
	void (*take_error)(void *context, size_t index);
	bool (*watch)(void *context);
	int watch_fd;
	/* The numbers for the statistics in capture files. */
	void (*counters)(void *context, struct savefile_counters *counters);
	void *context;

	bool decodes;       /* frames are decoded */
	uint64_t shown;     /* packets that every sink has taken that wants them */
	uint64_t delivered; /* the accepted ones among them */
	int error;          /* -errno of PIPELINE_SOURCE_ERROR or PIPELINE_SINK_ERROR */
	int sink_error;     /* the last of PIPELINE_SINK_ERROR */
	int signal_fd, duration_fd, stats_fd, silence_fd;
};

/* Block the signals that a run listens to, before anything can take long. 0 or -errno. */
int pipeline_init(struct pipeline *pipeline);

/* Take over limits and clocks from the options. */
void pipeline_configure(struct pipeline *pipeline, const struct options *options);

/* Run until something ends it. Everything taken by then has been flushed. */
enum pipeline_end pipeline_run(struct pipeline *pipeline);

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

void pipeline_release(struct pipeline *pipeline);

#endif
