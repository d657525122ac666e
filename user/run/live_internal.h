/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LIVE_INTERNAL_H
#define BPFSNIFF_LIVE_INTERNAL_H

#include <net/if.h>

#include "capture/capture_setup.h"
#include "capture/interface_watch.h"
#include "capture/ring.h"
#include "capture/ring_spares.h"
#include "capture/source_relay.h"
#include "cli/options.h"
#include "control/control.h"
#include "ebpf/kernel_filter.h"
#include "ebpf/kernel_flows.h"
#include "filter/explain.h"
#include "owner/owner.h"
#include "run/command.h"
#include "run/flow_report.h"
#include "run/metrics_report.h"
#include "run/option_parts.h"
#include "run/pipeline.h"
#include "run/tcp_report.h"
#include "savefile/savefile_write.h"
#include "stats/stats_rates.h"

/* The counts of filters that have been replaced. */
struct past_filters {
	uint64_t seen;
	uint64_t verdict[VERDICT_COUNT];
	uint64_t lost;
	uint64_t flows_added;                                      /* to the table still in use */
	uint64_t flows_evicted;                                    /* from tables that were dropped */
	uint64_t connections_added, connections_evicted;           /* the same of --tcp-event */
	uint64_t accepted_bytes, unplaced_packets, unplaced_bytes; /* where flows are counted */
};

/* A running sniffer: for live*.c only. */
struct live {
	const struct options *options;
	pid_t pid;                        /* of this process */
	struct ring_options ring_options; /* of the sockets */
	char (*interfaces)[IF_NAMESIZE];  /* the names of the sockets' interfaces */
	struct ring_session log;
	struct kernel_filter *filter;
	struct source *ring;
	struct interface_watch watch;
	struct source_relay relay;
	struct kernel_filter *older_filter; /* while its ring still holds frames that it accepted; else NULL */
	struct source *older_ring;
	struct ring_spares *spares; /* the sockets for the next filter */
	int64_t asked_ns;           /* of CLOCK_MONOTONIC: when a client last wanted them */
	bool awaits_filter;         /* a timer runs that puts them away */
	struct past_filters past;
	struct stats_rates rates; /* of reports that come by themselves */
	uint64_t discarded;       /* accepted frames that came after the last one that was asked for */
	struct pipeline pipeline;
	struct explainer explainer;
	struct tcp_report tcp;
	struct flow_report flows;
	struct metrics_report metrics;
	struct kernel_flows *kernel_flows;         /* NULL: none are counted */
	struct flow_table_kernel flow_source;      /* what flows.table has of it */
	uint64_t clock_offset;                     /* from CLOCK_MONOTONIC to times of flows, ns */
	uint64_t unplaced_packets, unplaced_bytes; /* that flows.table knows of */
	struct offline_filter offline;             /* judges with --explain, when the kernel accepts every frame */
	struct owner *owner;                       /* NULL without --owner */
	struct process_choice who;                 /* whose packets are kept */
	struct command command;
	bool command_ended;
	struct control *control;
	int netns_fd;       /* where the sockets are */
	int link_events_fd; /* see link_events.h */
	/* The filter in force. */
	char *filter_text;
	uint32_t first, flow_table_size;
	int64_t filter_since; /* seconds since 1970-01-01 UTC */
};

/* Open what the capture needs: privileges, filter, outputs, ring. Returns the exit status of what went wrong, after one
 * line on standard error, or EXIT_SUCCESS; then *goes_on tells whether there is anything to run. */
int live_open(struct live *live, struct capture_setup *setup, bool *goes_on);

/* Detach the sockets, then deliver what the kernel has accepted so far. Returns why the run has ended, after all. */
enum pipeline_end live_drain(struct live *live, enum pipeline_end end);

/* Finish the outputs and print the statistics. Returns the exit status. */
int live_finish(struct live *live, enum pipeline_end end);

/*
 * The numbers of all filters since the start. With --explain the verdicts are those of user space; lost frames were
 * never judged and count as accepted. 0 or -errno.
 */
int live_stats_read(const struct live *live, struct stats *stats);

/* Count flows, if that is asked for: before frames come, and before privileges are given up. 0, or -errno after one
 * line on standard error. */
int live_flows_open(struct live *live);

/* Read what the kernel has counted of flows. 0 or -errno. */
int live_flows_read(struct live *live);

/* Have the statistics written to a file, if that is asked for. As live_flows_open(). */
int live_metrics_open(struct live *live);

/* Add what the filter and its ring have counted to the past; `shares_flows`: the newer one uses its flow table. */
int live_stats_retire(struct live *live, const struct kernel_filter *newer, bool shares_flows);

#define LIVE_SILENCE_NS 3000000000ull

/* No packet has been shown for LIVE_SILENCE_NS, and the sniffer seems dead: say in one line what it has
 * seen, and which option would show it. `context` is a struct live. */
void live_say_silence(void *context);

/* Have the pipeline say what the options ask for: statistics, progress, silence. */
void live_set_up_reports(struct live *live);

/* The counters that a pcapng file ends with. */
void live_count_for_file(void *context, struct savefile_counters *result);

/* Fork the process of the command behind `--`, if there is one, and choose its packets; it is started when the sniffer
 * listens. Returns EXIT_SUCCESS, or another exit status after one line on standard error. */
int live_prepare_command(struct live *live);

/* Start or stop waiting on the sockets of a ring. The first returns 0 or -ENOMEM. */
int live_watch_ring(struct live *live, const struct source *ring);
void live_unwatch_ring(struct live *live, const struct source *ring);

/* Notice when an interface goes down, comes back, or is gone, and when one gets another name or index. 0, or -errno
 * after one line on standard error. */
int live_watch_interfaces(struct live *live);

/* How a running sniffer serves the clients of its control socket. */
extern const struct control_handlers live_control_handlers;

#endif
