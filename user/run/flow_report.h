/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_REPORT_H
#define BPFSNIFF_FLOW_REPORT_H

#include "base/output.h"
#include "cli/options.h"
#include "export/ipfix.h"
#include "flow/flow_table.h"
#include "flow/flow_top.h"
#include "packet/sink.h"
#include "run/pipeline.h"
#include "stats/stats.h"
#include "top/top_screen.h"

/* What is counted of flows, and what is said of them: a table, a line for each that ends. */
struct flow_report {
	struct sink sink; /* first, so that one pointer is both: takes the packets that are judged here */
	const struct options *options;
	const struct offline_filter *offline; /* has judged the packet; NULL: the kernel counts */
	struct flow_table *table;             /* NULL: flows are not counted */
	struct output log;                    /* buffer NULL: none */
	int log_fd;                           /* to close; -1: none */
	bool log_begins;                      /* and it is empty */
	struct ipfix *ipfix;                  /* NULL: none */
	struct top_screen *keys;              /* the table on a terminal, with keys; NULL: none */
	const char *why_no_keys;              /* on this terminal; NULL: there are some, or it is none */
	struct output screen;                 /* for the table elsewhere; buffer NULL: none */
	bool on_terminal;                     /* and each table takes the place of the one before */
	struct top top;
	uint64_t packets, bytes; /* accepted here */
	int64_t shown_ns;        /* when the last table was shown; of CLOCK_MONOTONIC */
};

/* Prepare what the options ask for; a pipeline that judges packets itself gets a sink, which is closed with the others,
 * and any other has `kernel` count. 0, or -errno after one line on standard error. */
int flow_report_open(struct flow_report *report, const struct options *options, const struct flow_table_kernel *kernel,
		     struct pipeline *pipeline);

/* Show the table, if one is wanted, of the period that ends now, and write out what was told. 0 or -errno. */
int flow_report_show(struct flow_report *report);

/* Whether the table takes keys from standard input, for which the process needs ROLE_TOP. */
bool flow_report_reads_keys(const struct flow_report *report);

/* Take them. As top_screen_read_keys(). */
int flow_report_take_keys(struct flow_report *report);

/* The terminal has another size. 0 or -errno. */
int flow_report_resize(struct flow_report *report);

/* End all flows, and write out the rest. 0 or -errno. */
int flow_report_finish(struct flow_report *report);

/* What was counted, for the statistics. */
void flow_report_stats(const struct flow_report *report, struct stats *stats);

/* Takes a zeroed struct too. */
void flow_report_close(struct flow_report *report);

#endif
