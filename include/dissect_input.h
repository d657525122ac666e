/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_INPUT_H
#define BPFSNIFF_DISSECT_INPUT_H

#include "abi.h"
#include "byte_order.h"
#include "compiler.h"
#include "flow_key.h"
#include "protocols.h"

/*
 * The dissection of a frame, from a network header to a flow key, compiled for the kernel and for user space. What is
 * declared here and not defined, the includer defines.
 */
struct dissect_input;

/* Copy bytes of the frame: 0, or a negative number when they are not all there. What `offset` counts from is the
 * includer's business; the dissection only adds to it. */
static int dissect_load(struct dissect_input *input, __u32 offset, void *to, __u32 length);

/*
 * Calls of dissect_tags(), dissect_tag(), dissect_extensions() and dissect_extension(). In the kernel these are
 * functions of their own: the verifier looks at each once, and forgets behind a call what it knew of the numbers. The
 * same code inline is too complex for it, above all for a loader without CAP_PERFMON. Most frames have neither tags nor
 * extension headers.
 */
static __u16 follow_tags(struct dissect_input *input, struct dissection *dissection, __u16 ethertype);
static __u16 follow_tag(struct dissect_input *input, struct dissection *dissection, __u16 ethertype);
static void follow_extensions(struct dissect_input *input, struct dissection *dissection, __u8 protocol);
static int follow_extension(struct dissect_input *input, struct dissection *dissection, __u8 protocol);

#endif
