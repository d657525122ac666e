/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_INPUT_H
#define BPFSNIFF_DISSECT_INPUT_H

#include "byte_order.h"
#include "calls.h"
#include "compiler.h"
#include "flow_key.h"
#include "protocols.h"

/*
 * The dissection of a frame, from a network header to a flow key, compiled for the kernel and for user space. The
 * includer defines struct dissect_input and the functions that are only declared here.
 */

/* Copy bytes of the frame: 0, or a negative number when they are not all there. `offset` counts from a place that the
 * includer chooses; the dissection only adds to it. */
static int dissect_load(struct dissect_input *input, __u32 offset, void *to, __u32 length);

/* Has the kernel taken a VLAN tag out of the bytes, and keeps it beside them? */
static int dissect_has_tag_outside(const struct dissect_input *input);

/* Do `length` bytes more belong to what the headers enclose? Behind its end is padding. */
ALWAYS_INLINE int dissect_is_inside(const struct dissection *dissection, __u32 length)
{
	return dissection->offset <= dissection->end && dissection->end - dissection->offset >= length;
}

/* A header says that it encloses `length` bytes from here on. One that promises more than encloses itself is not
 * believed. */
ALWAYS_INLINE void dissect_enclose(struct dissection *dissection, __u32 length)
{
	if (dissect_is_inside(dissection, length))
		dissection->end = dissection->offset + length;
}

ALWAYS_INLINE int dissect_load_inside(struct dissect_input *input, const struct dissection *dissection, void *to,
				      __u32 length)
{
	return dissect_is_inside(dissection, length) ? dissect_load(input, dissection->offset, to, length) : -1;
}

#endif
