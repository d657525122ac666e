/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_STAGE_MAPS_H
#define BPFSNIFF_BPF_STAGE_MAPS_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "compiler.h"
#include "per_cpu.h"

/* What all stages of a filter share. */

enum {
	LOOPBACK_IFINDEX = 1, /* in every network namespace (drivers/net/loopback.c) */
	PACKET_OUTGOING = 4,  /* <linux/if_packet.h> */
};

/* The later stages of this filter. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, STAGE_COUNT);
	__type(key, __u32);
	__type(value, __u32);
} bs_stages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct per_cpu);
} bs_cpus SEC(".maps");

ALWAYS_INLINE struct per_cpu *this_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&bs_cpus, &zero);
}

#endif
