/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_CALLS_H
#define BPFSNIFF_CALLS_H

#include "abi.h"
#include "flow_key.h"

/*
 * Calls that in the kernel lead to functions of their own, which bpf/ defines: the verifier looks at each once, and
 * forgets behind a call what it knew of the numbers. The same code inline is too complex for it, above all for a loader
 * without CAP_PERFMON. In user space each is the function that it stands for.
 */
struct dissect_input;

#ifdef __bpf__
/* Not every program calls all of them. */
#define CALL static __attribute__((unused))
CALL __u16 follow_tags(struct dissect_input *input, struct dissection *dissection, __u16 ethertype);
CALL __u16 follow_tag(struct dissect_input *input, struct dissection *dissection, __u16 ethertype);
CALL void follow_extensions(struct dissect_input *input, struct dissection *dissection, __u8 protocol);
CALL int follow_extension(struct dissect_input *input, struct dissection *dissection, __u8 protocol);
CALL void follow_transport(struct dissect_input *input, struct dissection *dissection);
CALL __u32 prefix_find(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 mask);
CALL int ipv4_find(const void *spec, __u64 key, __u32 bucket_count);
CALL int prefix_look_at(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 index);
CALL __u32 address_pair_find(const volatile struct filter_config *config, const void *spec, const struct flow_key *key);
#undef CALL
#else
#define follow_tags       dissect_tags
#define follow_tag        dissect_tag
#define follow_extensions dissect_extensions
#define follow_extension  dissect_extension
#define follow_transport  dissect_cut_transport
#define prefix_find       prefix_probe
#define ipv4_find         ipv4_probe
#define prefix_look_at    prefix_look
#define address_pair_find address_pair_lists
#endif

#endif
