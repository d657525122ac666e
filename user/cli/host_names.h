/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_HOST_NAMES_H
#define BPFSNIFF_HOST_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "filter/filter_spec.h"

/* Names of hosts in --host and the like, as in tcpdump's `host NAME`: looked up once, while the process has its
 * privileges and the network is where it was. */

struct host_name {
	char *name;
	int key; /* of the option */
	enum list list;
};

struct host_names {
	struct host_name *items;
	size_t count;
};

/* Whether an item of a list can only be the name of a host (RFC 1123, 2.1): an address is none. */
bool host_names_is_name(const char *item, size_t length);

/* Note a name. 0 or -ENOMEM. */
int host_names_add(struct host_names *names, int key, enum list list, const char *name, size_t length);

/* Look up all names, add every address to its list and, unless `quiet`, say in a line for each what was found. 0, or a
 * status to exit with after one line on standard error. */
int host_names_look_up(const struct host_names *names, struct filter_spec *spec, bool quiet);

/* Takes a zeroed struct too. */
void host_names_release(struct host_names *names);

#endif
