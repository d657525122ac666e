/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_INTERNAL_H
#define BPFSNIFF_KERNEL_FILTER_INTERNAL_H

#include <stdbool.h>

#include "ebpf/kernel_filter.h"

/* What the kernel_filter*.c files share. */

struct bpf_program;
struct choice_bpf;
struct sniff_bpf;

struct kernel_filter {
	bool is_adopted;                /* another process has loaded it */
	struct sniff_bpf *skeleton;     /* NULL if is_adopted */
	struct bpf_program *match;      /* of the skeleton: the one that judges */
	int expression_fd;              /* negative: none */
	struct choice_bpf *choice;      /* NULL: none */
	int parts[KERNEL_FILTER_PARTS]; /* owned by the skeleton, if there is one */
	uint32_t generation;
	bool has_tcp_events; /* --tcp-event is part of it */
	bool reads_in_place; /* and does not call a helper for each header */
	int cpus;            /* how many values a look-up in a per-CPU map returns, at most */
};

/* Unload the choice of processes, if there is one. */
void kernel_choice_close(struct kernel_filter *filter);

/* Put a program into a slot of a program array. 0 or -errno. */
int kernel_filter_put_program(int array, uint32_t slot, int program);

#endif
