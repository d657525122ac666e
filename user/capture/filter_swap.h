/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILTER_SWAP_H
#define BPFSNIFF_FILTER_SWAP_H

#include "ebpf/kernel_filter.h"
#include "packet/frame.h"

/*
 * Replace a filter by another, whose ring is bound already, so that every frame passes exactly one of the two. Both
 * listen: gate_new() in bpf/sniff.bpf.c notes for each frame whose turn it is, and gate_old() obeys the note. Returns
 * 0, with everything that the older filter accepted in its ring, which grows no more; or -errno, with the older filter
 * in force as before.
 */
int filter_swap(const struct kernel_filter *older, const struct kernel_filter *newer, struct source *newer_ring);

#endif
