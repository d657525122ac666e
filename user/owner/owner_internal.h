/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OWNER_INTERNAL_H
#define BPFSNIFF_OWNER_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "owner/owner.h"
#include "owner_abi.h"
#include "packet/packet_owner.h"

/* What the files of owner/ share. */

struct owner_bpf;

/* A directory of cgroup2. */
struct cgroup_name {
	uint64_t id;
	char *path; /* below the root: "/system.slice" */
};

struct cgroup_names {
	struct cgroup_name *names; /* by id */
	size_t count, room;
};

/* The addresses of a network namespace, mapped into IPv6. */
struct local_addresses {
	__u64 (*addresses)[2];
	size_t count;
};

/* What an end_owner points into. */
struct end_strings {
	struct owner_process process;
	struct owner_cgroup cgroup;
	struct owner_process_key who; /* pid 0: nobody */
	char why[160];
};

struct owner {
	struct annotator annotator; /* first, so that one pointer is both */
	struct owner_bpf *skeleton;
	int flows_fd, sockets_fd, ports_fd, processes_fd, cgroups_fd, added_fd, pass_fd, family_fd, choice_fd,
		wanted_fd, wanted_cgroups_fd, epochs_fd;
	int tasks_fd; /* the link of the iterator over processes; -1: it could not be attached */
	struct process_choice choice;
	int iterator_fd; /* the link; -1: it could not be attached */
	uint32_t pass;
	uint64_t listed, next_list; /* of CLOCK_MONOTONIC: the start of the last pass, and when another may begin */
	uint64_t netns;             /* the cookie of the network namespace of the packets */
	bool lacks_users;           /* the kernel does not tell who sends and receives */
	int cpus;                   /* values that a look-up in a per-CPU map returns, at most */
	uint64_t evicted;           /* owner_evicted() at the time `evicted_at` */
	uint64_t evicted_at;        /* of CLOCK_MONOTONIC */
	struct cgroup_names cgroups;
	struct local_addresses local;
	struct packet_owner packet;
	struct end_strings strings[2]; /* of source and destination */
};

/* Open the root directory of cgroup2. Returns a descriptor; negative: it is not mounted, and cannot be. */
int cgroup_root_open(void);

/* List the directories below the root. What cannot be read is left out. */
void cgroup_names_read(struct cgroup_names *names, int root_fd);
const char *cgroup_names_find(const struct cgroup_names *names, uint64_t id);
void cgroup_names_release(struct cgroup_names *names);

/* The addresses that this network namespace has now. */
void local_addresses_read(struct local_addresses *local);
/* Whether packets to an address are for this machine: it is one of its own, of the loopback network, or multicast. */
bool local_addresses_have(const struct local_addresses *local, const __u64 address[2]);
void local_addresses_release(struct local_addresses *local);

/* Learn which sockets the processes that run now have open. 0 or -errno. */
int owner_list_open(struct owner *owner);

/* The same, unless that was done after `since`, or so lately that it would cost too much. Returns whether what is known
 * is newer than `since`. */
bool owner_list_again(struct owner *owner, uint64_t since);

/* Whether an end of a packet was chosen at a time of CLOCK_MONOTONIC. */
bool owner_choice_has(const struct owner *owner, const struct end_owner *end, const struct end_strings *strings,
		      uint64_t time);

/* Read through an iterator, which writes into the maps and gives nothing to read. 0 or -errno. */
int owner_iterate(int link_fd);

/* The annotator's function. */
void owner_annotate(struct annotator *annotator, struct packet *packet);

#endif
