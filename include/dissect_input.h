/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_INPUT_H
#define BPFSNIFF_DISSECT_INPUT_H

#include "abi.h"
#include "byte_order.h"
#include "flow_key.h"
#include "protocols.h"

/*
 * The walk from a network header to a flow key, compiled for the kernel and for user space. What is declared here and
 * not defined, the includer defines.
 */
struct walk_input;

/* Copy bytes of the frame: 0, or a negative number when they are not all there. What `offset` counts from is the
 * includer's business; the walk only adds to it. */
static int walk_load(struct walk_input *input, __u32 offset, void *to, __u32 length);

/*
 * Calls of walk_tags(), walk_tag(), walk_extensions() and walk_extension(). In the kernel these are functions of their
 * own: the verifier looks at each once, and forgets behind a call what it knew of the numbers. The same code inline is
 * too complex for it, above all for a loader without CAP_PERFMON. Most frames have neither tags nor extension headers.
 */
static __u16 follow_tags(struct walk_input *input, struct walk *walk, __u16 ethertype);
static __u16 follow_tag(struct walk_input *input, struct walk *walk, __u16 ethertype);
static void follow_extensions(struct walk_input *input, struct walk *walk, __u8 protocol);
static int follow_extension(struct walk_input *input, struct walk *walk, __u8 protocol);

#define WALK_INLINE static inline __attribute__((always_inline))

/* The verifier takes a rolled loop for an endless one on the speculative paths that it looks at for a loader without
 * CAP_PERFMON. */
#ifdef __bpf__
#define WALK_UNROLL _Pragma("clang loop unroll(full)")
#else
#define WALK_UNROLL
#endif

#endif
