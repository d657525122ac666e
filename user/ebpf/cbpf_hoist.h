/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CBPF_HOIST_H
#define BPFSNIFF_CBPF_HOIST_H

#include <stddef.h>
#include <stdint.h>

#include "ebpf/cbpf_reuse.h"
#include "ebpf/cbpf_to_ebpf.h"

/*
 * In a long list of IPv6 hosts few loads have certainly been done before, so cbpf_reuse_find() leaves thousands of
 * LD_ABS. Such a program is translated to one without them: its prologue does the most frequent loads with
 * bpf_skb_load_bytes(), and notes which of them lie inside the frame. A load in the program takes the result, or
 * rejects the packet if the load lies outside, as LD_ABS does.
 */

enum { HOIST_SLOTS = 24 };

/* The loads that have slots, the most frequent first. */
struct hoist {
	struct reuse_load loads[HOIST_SLOTS];
	size_t count;
};

/* Choose the loads to hoist from the result of cbpf_reuse_find(), and number the slots in `reuse` as in `hoist`. There
 * REUSE_TAKE then says that the load has certainly been done, so that it lies inside the frame. */
void cbpf_hoist_choose(struct hoist *hoist, const struct reuse_loads *found, enum cbpf_base base, struct reuse *reuse,
		       size_t count);

#endif
