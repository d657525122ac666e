/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_H
#define BPFSNIFF_KERNEL_FILTER_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "ebpf/cbpf_to_ebpf.h"
#include "ebpf/kernel_filter_parts.h"
#include "filter/filter_spec.h"

struct sock_filter;

/* The loaded programs and their maps. */
struct kernel_filter;

/* An expression as classic BPF; count 0: none. */
struct kernel_filter_expression {
	const struct sock_filter *program;
	size_t count;
	enum cbpf_base base;
};

/* What a filter takes over from the one whose place it is to take. */
struct kernel_filter_inheritance {
	uint32_t generation;
	int turn_fd, noted_turn_fd;
	int flows_fd, datagrams_fd; /* below 0: start anew */
};

/*
 * Load and verify. `type` is BPF_PROG_TYPE_SOCKET_FILTER; BPF_PROG_TYPE_SCHED_CLS gives a test run the layout that a
 * live socket sees (net/bpf/test_run.c: is_l2). With an inheritance the filter waits for kernel_filter_take_turn();
 * NULL: it judges at once. 0 or -errno; what the kernel's verifier said is in kernel_filter_log().
 */
int kernel_filter_open(const struct filter_spec *spec, const struct kernel_filter_expression *expression,
		       enum bpf_prog_type type, const struct kernel_filter_inheritance *inheritance,
		       struct kernel_filter **result);

/*
 * A filter that another process has loaded, to take the place of `older`, from which it inherits. Takes over the
 * descriptors when it succeeds. 0, -EINVAL when one is not what its place is for, or another -errno.
 */
int kernel_filter_adopt(const int parts[PARTS], const struct kernel_filter *older, struct kernel_filter **result);

/* The last lines that libbpf or the verifier had to say, "" when nothing. Valid until the next kernel_filter_open(). */
const char *kernel_filter_log(void);

/* Why the last kernel_filter_open() could not translate its expression, or with -EOPNOTSUPP why the kernel cannot run
 * any, a static string; NULL when that is not what failed. */
const char *kernel_filter_refusal(void);

/* The descriptor of a part. Stays the filter's. */
int kernel_filter_part(const struct kernel_filter *filter, enum kernel_filter_part part);

uint32_t kernel_filter_generation(const struct kernel_filter *filter);

/* What has been counted since kernel_filter_open(), all CPUs together. */
struct kernel_filter_counts {
	uint64_t verdict[VERDICT_COUNT]; /* frames */
	uint64_t flows_added;            /* to the table of --first */
};

/* 0 or -errno. */
int kernel_filter_read(const struct kernel_filter *filter, struct kernel_filter_counts *counts);

/* How many flows the table of --first has now. */
uint64_t kernel_filter_flow_count(const struct kernel_filter *filter);

/* The three steps of a change (see filter_swap.c). Each is 0 or -errno. */
int kernel_filter_step_aside(const struct kernel_filter *older);
int kernel_filter_take_turn(const struct kernel_filter *newer);
int kernel_filter_settle(const struct kernel_filter *filter); /* judge without asking whose turn it is */

/* Judge and count nothing from now on; frames that a CPU is just looking at may still be counted. 0 or -errno. */
int kernel_filter_stop(const struct kernel_filter *filter);

void kernel_filter_close(struct kernel_filter *filter);

#endif
