/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTIONS_H
#define BPFSNIFF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "cli/host_names.h"
#include "cli/ssh_session.h"
#include "filter/filter_spec.h"
#include "packet/frame.h"
#include "print/style.h"
#include "savefile/rotate.h"

enum {
	EXIT_USAGE = 2,
	BUFFER_SIZE_DEFAULT = 32768 * 1024,
	FLOWS_MAX = 16777216,
};

enum format {
	FORMAT_FULL,
	FORMAT_BRIEF,
	FORMAT_JSON,
};

/* What the flows of --top are added up by. */
enum flows_by {
	FLOWS_BY_FLOW,
	FLOWS_BY_HOST,
	FLOWS_BY_PORT,
	FLOWS_BY_PROCESS,
};

/* What is to be said of flows. */
struct flow_options {
	uint64_t top_ns; /* between two tables; 0: none */
	enum flows_by by;
	const char *log_path;        /* NULL: no file; "-": standard output */
	const char *collector;       /* HOST or HOST:PORT; NULL: none */
	uint64_t idle_ns, active_ns; /* after which a flow ends that is silent, and is told that goes on */
};

/* What the command line asks for. Its const strings point into argv. */
enum { PID_ONLY = -1 };

/* Why a filter keeps every protocol because of its expression. */
#define OPENED_PROTOCOLS "since no TCP or UDP packet can match the expression"
#define HIDES_NAMED      "only TCP and UDP packets are shown; add --protocol=all for what else the expression matches"

struct options {
	const char **interfaces; /* owned */
	size_t interface_count;  /* 0: every interface */
	const char *netns;
	bool list_interfaces, no_promiscuous;
	uint32_t snaplen;     /* bytes */
	uint64_t buffer_size; /* bytes */
	uint64_t count;       /* packets, 0: no end */
	uint64_t duration_ns; /* 0: no end */
	const char *user;     /* to become; NULL: not given */

	struct filter_spec spec;
	char **command;               /* and its arguments, with a NULL at the end; NULL: none */
	struct host_names host_names; /* of lists of addresses: options_settle() looks them up */
	const char *excludes_nothing; /* the file of --not-host-file that has no addresses; NULL: none */
	char *expression;             /* NULL: none */
	const char *hidden_in;        /* the file of the expression, which no message may quote; NULL: all may */
	char *filter_text;            /* the filter options and the expression as they were typed */
	bool opened_protocols;    /* the expression has turned the default of --protocol into all, as the text says */
	bool narrowed;            /* the default of --protocol rejects what the expression may match */
	bool hides_named;         /* the same, and the expression names one of these */
	unsigned int dump_filter; /* how often -d was given: once for the expression, twice for the whole filter */
	bool explain;             /* then the format is not FORMAT_FULL */

	bool count_only; /* print how many packets there are, and none of them */
	bool keep_own_session;
	char own_session[SSH_SESSION_TEXT_MAX]; /* spec.config.own_session as text; "": none */

	const char **read_paths; /* in the order in which they are read; owned */
	size_t read_count;       /* 0: live */
	char *read_list;         /* the text of -V, which read_paths points into; NULL: none */
	const char *write_path;  /* NULL: no file */
	struct stat *reserved;   /* the regular files that are read: no output may take their place; owned */
	size_t reserved_count;
	struct rotation_limits rotation;

	pid_t set_filter_pid; /* the running sniffer to give a new filter; 0: none; PID_ONLY: the only one that runs */
	pid_t status_pid;     /* likewise the one to ask for a report */

	struct flow_options flows;
	const char *metrics_path; /* NULL: no file */

	bool owner; /* name the processes at the ends of each packet */
	enum format format;
	bool writes_micro; /* pcap with microseconds */
	bool text;         /* text was asked for explicitly; with -w there is none otherwise */
	bool prints;       /* packets are printed as text */
	bool copies;       /* packets are printed or written: else the kernel keeps them */
	struct style style;
	bool line_buffered;
	bool feeds_process;  /* the output goes into a pipe or socket */
	bool feeds_terminal; /* or to a terminal */
	bool feeds_named;    /* or into one of these that is named as a file */
	bool for_wireshark;  /* the pipe is Wireshark's, which closes it to stop the capture */
	uint64_t stats_ns;   /* between two reports of statistics; 0: none */
};

/*
 * Parse the command line. Returns 0; a status to exit with, after one line on standard error (EXIT_USAGE, and the line
 * quotes the word, if it is the command line that is wrong); or -1 after --help or --version, to exit with success.
 * Call options_release() in every case.
 */
int options_parse(int argc, char **argv, struct options *options);

/* Whether flows are counted. */
bool options_count_flows(const struct options *options);

/* Takes zeroed options too. */
void options_release(struct options *options);

#endif
