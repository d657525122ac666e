/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_H
#define BPFSNIFF_KERNEL_FILTER_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "ebpf/cbpf_to_ebpf.h"
#include "ebpf/kernel_filter_parts.h"
#include "filter/filter_spec.h"
#include "owner_abi.h"
#include "tcp_work.h"

struct sock_filter;

/* Loaded programs and their maps. */
struct kernel_filter;

/* An expression as classic BPF; a count of 0 means none. */
struct kernel_filter_expression {
	const struct sock_filter *program;
	size_t count;
	enum cbpf_base base;
};

/* What a filter takes over from the one that it replaces. The descriptors stay the caller's. */
struct kernel_filter_inheritance {
	uint32_t generation;
	int turn_fd, noted_turn_fd;
	/* -1: start with empty maps; so does a filter that does not need the other's */
	int flows_fd, datagrams_fd, connections_fd, told_fd, flow_slots_fd, flow_links_fd, flow_connections_fd;
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
 * Have a filter with `asks_owner` reject the packets of processes that are not wanted, as far as the maps of
 * bpf/owner.bpf.c (enum owner_map), whose descriptors stay the caller's, tell while a packet passes; before, it accepts
 * them. Call it in the network namespace of the packets. 0 or -errno.
 */
int kernel_filter_ask_owners(struct kernel_filter *filter, const int maps[OWNER_MAPS]);

/*
 * Adopt a filter that another process has loaded to replace `older`. On success it owns the descriptors. 0, -EINVAL if
 * one of them is not the part that its place is for, or another -errno.
 */
int kernel_filter_adopt(const int parts[KERNEL_FILTER_PARTS], const struct kernel_filter *older,
			struct kernel_filter **result);

/* The descriptor of a part, which stays the filter's. */
int kernel_filter_part(const struct kernel_filter *filter, enum kernel_filter_part part);

/* 0 for the first filter of a sniffer, and one more for each that replaces it. */
uint32_t kernel_filter_generation(const struct kernel_filter *filter);

/* Whether the filter reads headers where they are; otherwise a helper of the kernel copies each. */
bool kernel_filter_reads_in_place(const struct kernel_filter *filter);

/* The same for the user. */
const char *kernel_filter_reading(const struct kernel_filter *filter);

/* Counters since kernel_filter_open(), added up over all CPUs. */
struct kernel_filter_counts {
	uint64_t seen;                             /* frames, counted before they are judged */
	uint64_t verdict[VERDICT_COUNT];           /* frames */
	uint64_t flows_added;                      /* to the table of --first */
	uint64_t connections_added;                /* to that of --tcp-event */
	uint64_t accepted_bytes;                   /* of IP packets, where flows are counted */
	uint64_t unplaced_packets, unplaced_bytes; /* that are in no flow for want of room */
};

/* Read the counters. 0 or -errno. */
int kernel_filter_read(const struct kernel_filter *filter, struct kernel_filter_counts *counts);

/* Whether --tcp-event is part of the filter. */
bool kernel_filter_has_tcp_events(const struct kernel_filter *filter);

/* What was found at a segment that --tcp-event has accepted. 0, -ENOENT if it is forgotten, or another -errno. */
int kernel_filter_told(const struct kernel_filter *filter, const struct tcp_told_key *key, struct tcp_told *told);

/* What --tcp-event knows now of a connection. Returns the same. */
int kernel_filter_connection(const struct kernel_filter *filter, const struct flow_id *id,
			     struct tcp_connection *connection);

/* How many flows the table of --first or --tcp-event (KERNEL_FILTER_FLOWS, KERNEL_FILTER_CONNECTIONS) has now; 0 also
 * without memory. */
uint64_t kernel_filter_flow_count(const struct kernel_filter *filter, enum kernel_filter_part table);

/* Whether two filters use the same map. */
bool kernel_filter_shares(const struct kernel_filter *older, const struct kernel_filter *newer,
			  enum kernel_filter_part map);

/* The steps of a swap (see filter_swap.c). Each returns 0 or -errno. */
int kernel_filter_step_aside(const struct kernel_filter *older); /* check for each frame whose turn it is */
int kernel_filter_take_turn(const struct kernel_filter *newer);  /* the frames from now on are this filter's */
int kernel_filter_settle(const struct kernel_filter *filter);    /* every frame is this filter's, without checking */

/* Reject and no longer count what comes from now on; a frame that a CPU is already working on may still be counted. 0
 * or -errno. */
int kernel_filter_stop(const struct kernel_filter *filter);

/* Takes NULL. */
void kernel_filter_close(struct kernel_filter *filter);

#endif
