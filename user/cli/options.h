/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTIONS_H
#define BPFSNIFF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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

/* What the command line asks for. Words point into argv. */
struct options {
	const char **interfaces;
	size_t interface_count; /* 0: every one */
	bool list_interfaces;
	const char *netns;
	bool no_promiscuous;
	uint32_t snaplen;     /* bytes */
	uint64_t buffer_size; /* bytes */
	uint64_t count;       /* packets, 0: no end */
	uint64_t duration_ns; /* 0: no end */
	const char *user;     /* to become; NULL: not said */

	struct filter_spec spec;
	char *expression;  /* NULL: none */
	char *filter_text; /* the filter options and the expression as they were typed */
	bool dump_filter;
	bool explain; /* the format is not FORMAT_FULL then */

	bool keep_own_session;
	char own_session[SSH_SESSION_TEXT_MAX]; /* spec.config.own_session in words; "": none */

	const char *read_path;  /* NULL: live */
	const char *write_path; /* NULL: no file */
	struct rotation_limits rotation;

	pid_t set_filter_pid; /* the running sniffer that is to get a new filter; 0: none */
	pid_t status_pid;     /* the one whose report is wanted; 0: none */

	enum format format;
	bool text; /* a text style was asked for by name; beside a file there is none otherwise */
	struct style style;
	bool line_buffered;
	bool feeds_process; /* the output goes into a pipe */
	bool for_wireshark; /* that pipe is Wireshark's, which closes it when it has enough */
	uint64_t stats_ns;  /* between two reports, 0: none */
};

/*
 * Parse the command line. 0; or what the program is to exit with at once, after one line on standard error that quotes
 * what cannot be understood (EXIT_USAGE), or below 0 after --help or --version, which mean success.
 */
int options_parse(int argc, char **argv, struct options *options);

void options_release(struct options *options);

#endif
