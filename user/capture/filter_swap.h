/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILTER_SWAP_H
#define BPFSNIFF_FILTER_SWAP_H

#include "ebpf/kernel_filter.h"
#include "packet/frame.h"

/*
 * Put a filter with its own ring in the place of another, without a frame that neither or both judge: for a moment both
 * listen, and of each frame it is noted whose turn it is (gate_new() and gate_old() in bpf/sniff.bpf.c). When this
 * returns 0, the older ring holds exactly what the older filter has accepted, and grows no more. On -errno the older
 * filter is in force as before.
 */
int filter_swap(const struct kernel_filter *older, struct source *older_ring, const struct kernel_filter *newer,
		struct source *newer_ring);

#endif
