/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_H
#define BPFSNIFF_KERNEL_FILTER_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "ebpf/cbpf_to_ebpf.h"
#include "filter/filter_spec.h"

struct sock_filter;

/* The loaded programs and their maps. */
struct kernel_filter;

/* Those that others than the kernel need to hold: programs to attach or to step to, and maps to read or write. */
enum kernel_filter_part {
	KERNEL_FILTER_DISPATCH, /* what is attached to sockets, with SO_ATTACH_BPF */
	KERNEL_FILTER_MATCH,
	KERNEL_FILTER_GATE_NEW,
	KERNEL_FILTER_GATE_OLD,
	KERNEL_FILTER_ACTIVE,
	KERNEL_FILTER_STAGES, /* the kernel empties a program array that nobody holds */
	KERNEL_FILTER_CPUS,
	KERNEL_FILTER_FLOWS,
	KERNEL_FILTER_DATAGRAMS,
	KERNEL_FILTER_TURN,
	KERNEL_FILTER_NOTED_TURN,
	KERNEL_FILTER_PARTS,
};

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

/* Why kernel_filter_open() failed, beside its -errno. */
struct kernel_filter_error {
	const char *refusal; /* a static sentence on why the kernel cannot run the filter; NULL: not known */
	char log[512];       /* the last line that libbpf had to say; "": nothing */
};

/*
 * Load and verify a filter. `type` is BPF_PROG_TYPE_SOCKET_FILTER; BPF_PROG_TYPE_SCHED_CLS gives a test run the layout
 * that a live socket sees (net/bpf/test_run.c: is_l2). With an inheritance the filter waits for
 * kernel_filter_take_turn(); with NULL it works at once. 0, or -errno with *error filled in: -EINVAL with a refusal
 * when the expression cannot be translated, -EOPNOTSUPP with one when this kernel runs no such filter.
 */
int kernel_filter_open(const struct filter_spec *spec, const struct kernel_filter_expression *expression,
		       enum bpf_prog_type type, const struct kernel_filter_inheritance *inheritance,
		       struct kernel_filter **result, struct kernel_filter_error *error);

/*
 * A filter that another process has loaded, to take the place of `older`, from which it inherits. Takes over the
 * descriptors when it succeeds. 0, -EINVAL when one is not what its place is for, or another -errno.
 */
int kernel_filter_adopt(const int parts[KERNEL_FILTER_PARTS], const struct kernel_filter *older,
			struct kernel_filter **result);

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
