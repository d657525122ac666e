/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_MAPS_H
#define BPFSNIFF_BPF_MAPS_H

#include "stage_maps.h"

#include "flow_id.h"

enum {
	/* <linux/bpf.h> */
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_F_MMAPABLE = 1 << 10,
};

const volatile struct filter_config settings;

/* The lists that a port is in; bits of enum list. */
const volatile __u8 lists_of_port[PORTS];

/* Counts up with every change of a running sniffer's filter. */
const volatile __u32 generation;

/* What `dispatch` goes on with. One store changes it for every socket that `dispatch` is attached to. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, ACTIVE_COUNT);
	__type(key, __u32);
	__type(value, __u32);
} bs_active SEC(".maps");

/*
 * While a filter takes the place of another, both have sockets on the same devices and a frame reaches both, one after
 * the other on one CPU: the newer first (dev_add_pack() in net/core/dev.c adds at the head). The newer notes whose turn
 * it was for the older, so that exactly one of them judges the frame even if the turn passes on in between.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bs_turn SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bs_noted_turn SEC(".maps");

/* User space lays out both tables of prefixes and writes them through a mapping. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct prefix_slot);
} bs_prefixes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ipv4_bucket);
} bs_ipv4 SEC(".maps");

/* The Bloom filter in front of both, written likewise. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} bs_bloom SEC(".maps");

/* How many packets of a flow have passed, for --first. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct flow_id);
	__type(value, __u64);
} bs_flows SEC(".maps");

/* The connections that --tcp-event follows. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct flow_id);
	__type(value, struct tcp_connection);
} bs_connections SEC(".maps");

/* What was found at the segments that --tcp-event has accepted last. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct tcp_told_key);
	__type(value, struct tcp_told);
} bs_told SEC(".maps");

/* The ports of datagrams that come in fragments. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct datagram_id);
	__type(value, struct datagram_ports);
} bs_datagrams SEC(".maps");

#endif
