/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILTER_H
#define BPFSNIFF_FILTER_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "rules.h"
#include "xlate.h"

struct sock_filter;

/* The loaded programs and their maps. */
struct filter;

/* An expression as classic BPF; count 0: none. */
struct filter_expression {
	const struct sock_filter *program;
	size_t count;
	enum xlate_base base;
};

/*
 * Load and verify. `type` is BPF_PROG_TYPE_SOCKET_FILTER; BPF_PROG_TYPE_SCHED_CLS gives a test run the layout that a
 * live socket sees (net/bpf/test_run.c: is_l2). 0 or -errno; what the kernel's verifier said is in filter_log().
 */
int filter_open(const struct rules *rules, const struct filter_expression *expression, enum bpf_prog_type type,
		struct filter **filter);

/* The last lines that libbpf or the verifier had to say, "" when nothing. Valid until the next filter_open(). */
const char *filter_log(void);

/* What to attach to a socket with SO_ATTACH_BPF. Stays the filter's. */
int filter_fd(const struct filter *filter);

/* The programs that judge, in the order in which a frame meets them; NULL-terminated names, for --dump-filter. */
size_t filter_programs(const struct filter *filter, int fds[], const char *names[], size_t max);

/* What has been counted since filter_open(), all CPUs together. */
struct filter_counts {
	uint64_t verdict[VERDICT_COUNT]; /* frames */
	uint64_t flows_added;            /* to the table of --first */
	uint64_t flows_evicted;          /* from it, for want of room: their packets count from 1 again */
};

/* 0 or -errno. */
int filter_read(const struct filter *filter, struct filter_counts *counts);

/* Judge and count nothing from now on; frames that a CPU is just looking at may still be counted. 0 or -errno. */
int filter_stop(struct filter *filter);

void filter_close(struct filter *filter);

#endif
