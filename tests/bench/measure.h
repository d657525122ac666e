/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_MEASURE_H
#define BPFSNIFF_MEASURE_H

#include <bpf/bpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * Measure the time that programs take in the kernel. Each round runs all programs once, so that a disturbance of the
 * machine affects all alike; the result is the median of the rounds.
 */

enum {
	ROUNDS = 7,
	REPEAT = 500000, /* runs of a program in one round */
	WARM_UP = 50000, /* runs before each measurement */
};

/* The time that one program took in each round, in ns per run. */
struct series {
	double ns[ROUNDS];
};

static inline void check(int failed, const char *what)
{
	if (!failed)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

static inline double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* A program, a packet, the index of its device, and what the program must return. */
struct run {
	int fd;
	const void *packet;
	uint32_t length, device, result;
	bool any_result;
};

static inline void repeat_run(const struct run *run, int repeat)
{
	struct __sk_buff context = {.ifindex = run->device};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = run->packet, .data_size_in = run->length, .ctx_in = &context,
		    .ctx_size_in = sizeof(context), .repeat = repeat);

	check(bpf_prog_test_run_opts(run->fd, &options), "BPF_PROG_TEST_RUN");
	check(!run->any_result && options.retval != run->result, "the program returned something else");
}

/* The CPU time of one run, in ns. */
static inline double measure_run(const struct run *run)
{
	double start;

	repeat_run(run, WARM_UP);
	start = cpu_ns();
	repeat_run(run, REPEAT);
	return (cpu_ns() - start) / REPEAT;
}

static inline int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* The median of a series, or of its differences from `below`, which may be NULL. */
static inline double median(const struct series *series, const struct series *below)
{
	struct series sorted = *series;

	for (int i = 0; below && i < ROUNDS; i++)
		sorted.ns[i] -= below->ns[i];
	qsort(sorted.ns, ROUNDS, sizeof(*sorted.ns), by_value);
	return sorted.ns[ROUNDS / 2];
}

/* Print what the figures depend on. */
static inline void print_machine(void)
{
	fflush(stdout);
	check(system("uname -sr; sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1; "
		     "echo \"load $(cut -d ' ' -f 1 /proc/loadavg), $(nproc) CPUs\"") != 0,
	      "uname");
}

#endif
