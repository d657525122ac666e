/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RULES_H
#define BPFSNIFF_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sets.h"

/* What the filter options ask for: the same for the kernel (filter.c) and for frames in memory (offline.c). */
struct rules {
	struct filter_config config;
	uint8_t lists_of_port[PORTS]; /* bits of enum list */
	struct prefix_list prefixes;
	struct prefix_table table;
	bool default_protocols;
};

/* One word of a list that cannot be understood; it points into the list. */
struct rules_error {
	const char *word;
	size_t length;
};

/* The filter without any option: TCP and UDP in both directions, no loopback. */
void rules_init(struct rules *rules);

/* Add the words of a comma-separated list; `list` is where they belong (enum list). 0; -EINVAL with *error set; or
 * -ENOMEM. */
int rules_add_hosts(struct rules *rules, enum list list, const char *text, struct rules_error *error);
int rules_add_ports(struct rules *rules, enum list list, const char *text, struct rules_error *error);
int rules_add_tcp_flags(struct rules *rules, const char *text, struct rules_error *error);

/* As above. The first list of protocols takes the place of the default. */
int rules_add_protocols(struct rules *rules, const char *text, struct rules_error *error);

/* Lay out the sets, once all is added. 0 or -ENOMEM. */
int rules_finish(struct rules *rules);

void rules_free(struct rules *rules);

#endif
