// SPDX-License-Identifier: Dual BSD/GPL
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "addresses.h"

/* The programs that bench_filter.c compares filters with. */

enum { IPV4_SOURCE = 26 }; /* in an Ethernet frame; the destination follows */

struct draw sources, destinations;

static __u64 state = 88172645463325252ull;

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

/* Give the packet new addresses each time, and tail call the filter. */
SEC("tc")
int vary(struct __sk_buff *skb)
{
	__u32 addresses[2] = {nth_address(draw_number(&state, sources)),
			      nth_address(draw_number(&state, destinations))};

	bpf_skb_store_bytes(skb, IPV4_SOURCE, addresses, sizeof(addresses), 0);
	bpf_tail_call_static(skb, &next, 0);
	return 0;
}

SEC("tc")
int empty(struct __sk_buff *skb)
{
	(void)skb;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
