/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_REPORT_H
#define BPFSNIFF_TCP_REPORT_H

#include "cli/options.h"
#include "ebpf/kernel_filter.h"
#include "flow/tcp_annotator.h"
#include "run/pipeline.h"

/* The analysis of TCP, and what is said of it in the end. While --tcp-event is in force the filter follows the
 * connections, since most of their segments go no further. */
struct tcp_report {
	struct tcp_annotator annotator;
	const struct offline_filter *offline; /* with --tcp-event, if frames are judged here */
	void (*judge)(struct annotator *annotator, struct packet *packet); /* by the packets that come here */
	struct kernel_filter *const *filter;                               /* else the filter in force, */
	struct kernel_filter *const *older; /* and the one before, while packets come that it has accepted; else NULL */
	bool wanted;                        /* by a person at a terminal, or --stats */
	uint64_t lost;                      /* packets that came when what the kernel had found was gone */
};

/* Have TCP segments judged if what is printed shows it; `pipeline` has its offline filter by now, if any. 0, or -ENOMEM
 * after one line on standard error. */
int tcp_report_open(struct tcp_report *report, const struct options *options, struct pipeline *pipeline);

/* Behind the last packet that the older filter has accepted. */
void tcp_report_filter_changed(struct tcp_report *report);

/* Connections that the analysis had to forget for want of room. */
uint64_t tcp_report_forgotten(const struct tcp_report *report);

/* Packets that were read so late that what the kernel had found was gone. */
uint64_t tcp_report_lost(const struct tcp_report *report);

/* Say on standard error what was found, if that is wanted. */
void tcp_report_print(const struct tcp_report *report);

/* Takes a zeroed struct too. */
void tcp_report_close(struct tcp_report *report);

#endif
