/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_INTERNAL_H
#define BPFSNIFF_KERNEL_FILTER_INTERNAL_H

#include "ebpf/kernel_filter.h"

/* For filter*.c only. */

struct sniff_bpf;

struct kernel_filter {
	struct sniff_bpf *skeleton;     /* NULL: another process has loaded it */
	int expression_fd;              /* below 0: none */
	int parts[KERNEL_FILTER_PARTS]; /* the skeleton's, if there is one */
	uint32_t generation;
	int cpus; /* values that a per-CPU map hands out at most */
};

/* Put a program into a program array. 0 or -errno. */
int kernel_filter_put_program(int array, uint32_t slot, int program);

#endif
