/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILTER_SPEC_H
#define BPFSNIFF_FILTER_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter/prefix_table.h"

enum { LISTS = 4 }; /* in enum list */

/* What the filter options ask for: the same for the kernel (filter.c) and for frames in memory (offline.c). */
struct filter_spec {
	struct filter_config config;
	uint8_t lists_of_port[PORTS]; /* bits of enum list */
	struct prefix_list prefixes;
	struct prefix_table table;
	bool default_protocols;
	uint32_t flow_table_size; /* flows that --first remembers */

	/* The lists as they were typed, NULL: not at all. Those of enum list stand at list_place(). */
	char *host_words[LISTS], *port_words[LISTS];
	char *protocol_words, *tcp_flag_words;
};

/* The place of a list in an array of LISTS. */
static inline int list_place(enum list list)
{
	return __builtin_ctz((unsigned int)list);
}

/* One word of a list that cannot be understood. */
struct filter_spec_error {
	char word[64]; /* as much of it as fits */
	size_t line;   /* of a file, from 1 */
};

/* The filter without any option: TCP and UDP in both directions, no loopback. */
void filter_spec_init(struct filter_spec *spec);

/* The filter that keeps every frame. */
void filter_spec_init_open(struct filter_spec *spec);

/* Add the words of a comma-separated list; `list` is where they belong, of no meaning to protocols and TCP flags. The
 * first list of protocols takes the place of the default. 0; -EINVAL with error->word set; or -ENOMEM. */
int filter_spec_add_hosts(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error);
int filter_spec_add_ports(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error);
int filter_spec_add_protocols(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error);
int filter_spec_add_tcp_flags(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error);

/* As above, an address or prefix a line, with comments from # on. error->line is set. Or another -errno when the file
 * cannot be read. */
int filter_spec_add_host_file(struct filter_spec *spec, enum list list, const char *path,
			      struct filter_spec_error *error);

/* Lay out the sets, once all is added. 0 or -ENOMEM. */
int filter_spec_finish(struct filter_spec *spec);

void filter_spec_release(struct filter_spec *spec);

#endif
