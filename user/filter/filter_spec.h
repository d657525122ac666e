/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILTER_SPEC_H
#define BPFSNIFF_FILTER_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "filter/prefix.h"
#include "filter/prefix_table.h"
#include "filter/process_choice.h"

enum {
	LISTS = LIST_BITS,         /* how many lists enum list has */
	HOST_LINE_MAX = 256,       /* bytes of a line of a host file, without its end */
	HOST_FILE_MAX = 1000000,   /* addresses and prefixes in a host file */
	HOST_LINES_MAX = 16000000, /* lines in it, with comments and empty ones */
};

/* What the filter options ask for, for the kernel (kernel_filter.c) and for frames in memory (offline_filter.c). */
struct filter_spec {
	struct filter_config config;
	uint8_t lists_of_port[PORTS]; /* by port in host byte order; bits of enum list */
	struct prefix_list prefixes;
	struct prefix_table table;
	struct process_choice who;
	bool default_protocols;   /* no list of protocols has been given */
	uint32_t flow_table_size; /* flows that --first and --tcp-event remember */
	uint32_t told_room;       /* segments that --tcp-event finds and that may wait for their reader */

	/* The lists as the user typed them; NULL if not given. Those of enum list are at list_place(). */
	char *host_words[LISTS], *port_words[LISTS];
	char *protocol_words, *tcp_flag_words, *tcp_event_words;
	char direction_option[32]; /* as the user typed it, with its value: "-Q in" */
};

/* The index of a list in an array of LISTS. */
static inline int list_place(enum list list)
{
	return __builtin_ctz((unsigned int)list);
}

/* The word of a list that cannot be parsed. */
struct filter_spec_error {
	char word[64]; /* as much of it as fits */
	size_t line;   /* of a host file, from 1 */
	bool hidden;   /* the word is left out, since the user may not read the host file */
};

/* Start with the filter without any option: TCP and UDP in both directions, no loopback. */
void filter_spec_init(struct filter_spec *spec);

/* Start with a filter that accepts every frame. */
void filter_spec_init_open(struct filter_spec *spec);

/* Add the words of a comma-separated text to a list; protocols, TCP flags and TCP events ignore `list`. The first list
 * of protocols replaces the default. 0, -ENOMEM, or -EINVAL with error->word set. */
int filter_spec_add_hosts(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error);
int filter_spec_add_ports(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error);
int filter_spec_add_protocols(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error);
int filter_spec_add_tcp_flags(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error);
int filter_spec_add_tcp_events(struct filter_spec *spec, enum list list, const char *text,
			       struct filter_spec_error *error);

/* Likewise for --process and --uid; -E2BIG when there are too many. */
int filter_spec_add_processes(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error);
int filter_spec_add_uids(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error);

/* Add an address that a host has, by itself: a message that quotes the list names the host, which is noted once. Both
 * return as the above. */
int filter_spec_add_address(struct filter_spec *spec, enum list list, const char *text);
int filter_spec_note_host(struct filter_spec *spec, enum list list, const char *name);

/* Add the addresses and prefixes of a file, which has one on a line and comments after #. Returns the same, and sets
 * error->line and error->hidden too; -EILSEQ when the line has a NUL byte, -EMSGSIZE when it is longer than
 * HOST_LINE_MAX, -E2BIG when there are more than HOST_FILE_MAX, or lines than HOST_LINES_MAX; or another -errno if the
 * file cannot be read. */
int filter_spec_add_host_file(struct filter_spec *spec, enum list list, const char *path,
			      struct filter_spec_error *error);

/* Build the prefix table, once everything is added. 0 or -ENOMEM. */
int filter_spec_finish(struct filter_spec *spec);

/* Takes a zeroed spec too. */
void filter_spec_release(struct filter_spec *spec);

#endif
