/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_MAPS_H
#define BPFSNIFF_OWNER_MAPS_H

#include "owner_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#include "owner_shared_maps.h"

enum {
	/* <linux/bpf.h> */
	BPF_ANY = 0,
	BPF_NOEXIST = 1,

	/* <linux/net.h> */
	SOCK_RAW = 3,

	/* <net/tcp_states.h> */
	TCP_TIME_WAIT = 6,
	TCP_LISTEN = 10,
	TCP_NEW_SYN_RECV = 12,
};

/* Those that were made after the start, by id. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OWNER_CGROUPS_MAX);
	__type(key, __u64);
	__type(value, struct owner_cgroup);
} ow_cgroups SEC(".maps");

/* The pass of the iterator, from 1. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} ow_pass SEC(".maps");

/* How many flows were put into `ow_flows`. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} ow_added SEC(".maps");

#endif
