/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_SHARED_MAPS_H
#define BPFSNIFF_OWNER_SHARED_MAPS_H

#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "compiler.h"
#include "owner_abi.h"
#include "owner_alone.h"

/* What bpf/owner.bpf.c learns, and bpf/choice.bpf.c looks up: enum owner_map. */

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OWNER_FLOWS_MAX);
	__type(key, struct owner_flow_key);
	__type(value, struct owner_flow);
} ow_flows SEC(".maps");

/* By cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OWNER_SOCKETS_MAX);
	__type(key, __u64);
	__type(value, struct owner_socket);
} ow_sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OWNER_PORTS_MAX);
	__type(key, struct owner_port_key);
	__type(value, struct owner_port);
} ow_ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OWNER_PROCESSES_MAX);
	__type(key, struct owner_process_key);
	__type(value, struct owner_process);
} ow_processes SEC(".maps");

/* The processes that --process names, and their children. Those that have ended stay, for packets that are still to be
 * shown. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OWNER_FAMILY_MAX);
	__type(key, struct owner_process_key);
	__type(value, struct owner_family);
} ow_family SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct owner_wanted);
} ow_wanted SEC(".maps");

/* By id: 1 if --cgroup names it, or one above it; 0 if not. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, 1); /* BPF_F_NO_PREALLOC of <linux/bpf.h> */
	__uint(max_entries, OWNER_WANTED_CGROUPS_MAX);
	__type(key, __u64);
	__type(value, __u32);
} ow_wanted_cgroups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct owner_epochs);
} ow_epochs SEC(".maps");

/* Of an IPv4 address in IPv6, the half of the words before it (RFC 4291, 2.5.5.2). */
#define MAPPED_PREFIX bpf_htonl(0xffff)

#endif
