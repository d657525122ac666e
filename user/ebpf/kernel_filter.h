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
struct filter;

/* Those that others than the kernel need to hold: programs to attach or to step to, and maps to read or write. */
enum filter_part {
	FILTER_ROOT, /* what is attached to sockets, with SO_ATTACH_BPF */
	FILTER_MATCH,
	FILTER_ENTERING,
	FILTER_LEAVING,
	FILTER_ACTIVE,
	FILTER_STAGES, /* the kernel empties a program array that nobody holds */
	FILTER_CPUS,
	FILTER_FLOWS,
	FILTER_DATAGRAMS,
	FILTER_TURN,
	FILTER_NOTED_TURN,
	FILTER_PARTS,
};

/* An expression as classic BPF; count 0: none. */
struct filter_expression {
	const struct sock_filter *program;
	size_t count;
	enum cbpf_base base;
};

/* What a filter takes over from the one whose place it is to take. */
struct filter_inheritance {
	uint32_t generation;
	int turn_fd, noted_turn_fd;
	int flows_fd, datagrams_fd; /* below 0: start anew */
};

/*
 * Load and verify. `type` is BPF_PROG_TYPE_SOCKET_FILTER; BPF_PROG_TYPE_SCHED_CLS gives a test run the layout that a
 * live socket sees (net/bpf/test_run.c: is_l2). With an inheritance the filter waits for filter_take_turn(); NULL: it
 * judges at once. 0 or -errno; what the kernel's verifier said is in filter_log().
 */
int filter_open(const struct filter_spec *spec, const struct filter_expression *expression, enum bpf_prog_type type,
		const struct filter_inheritance *inheritance, struct filter **result);

/*
 * A filter that another process has loaded, to take the place of `older`, from which it inherits. Takes over the
 * descriptors when it succeeds. 0, -EINVAL when one is not what its place is for, or another -errno.
 */
int filter_adopt(const int parts[FILTER_PARTS], const struct filter *older, struct filter **result);

/* The last lines that libbpf or the verifier had to say, "" when nothing. Valid until the next filter_open(). */
const char *filter_log(void);

/* Why the last filter_open() could not translate its expression, or with -EOPNOTSUPP why the kernel cannot run any, a
 * static string; NULL when that is not what failed. */
const char *filter_refusal(void);

/* The descriptor of a part. Stays the filter's. */
int filter_part(const struct filter *filter, enum filter_part part);

uint32_t filter_generation(const struct filter *filter);

/* What has been counted since filter_open(), all CPUs together. */
struct filter_counts {
	uint64_t verdict[VERDICT_COUNT]; /* frames */
	uint64_t flows_added;            /* to the table of --first */
};

/* 0 or -errno. */
int filter_read(const struct filter *filter, struct filter_counts *counts);

/* How many flows the table of --first has now. */
uint64_t filter_flow_count(const struct filter *filter);

/* The three steps of a change (see switch.c). Each is 0 or -errno. */
int filter_step_aside(const struct filter *older);
int filter_take_turn(const struct filter *newer);
int filter_settle(const struct filter *filter); /* judge without asking whose turn it is */

/* Judge and count nothing from now on; frames that a CPU is just looking at may still be counted. 0 or -errno. */
int filter_stop(const struct filter *filter);

void filter_close(struct filter *filter);

#endif
