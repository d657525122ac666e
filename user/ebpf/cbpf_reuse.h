/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CBPF_REUSE_H
#define BPFSNIFF_CBPF_REUSE_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

enum {
	REUSE_SLOTS = 16, /* how many loads are remembered at most */
	REUSE_LOADS = 64, /* how many are told apart at most */
};

/* A load that depends on nothing but the packet. */
struct reuse_load {
	uint16_t code;
	uint32_t k;
	uint32_t x;    /* of LD_IND: X is the header length that LDX_MSH reads at this offset */
	uint32_t uses; /* how often it stands in the program */
};

struct reuse_loads {
	struct reuse_load loads[REUSE_LOADS];
	size_t count;
};

/* What to do at a load from the packet: read it, read it and keep the result in a slot, or take it from there. */
struct reuse {
	enum { REUSE_NONE, REUSE_KEEP, REUSE_TAKE } action;
	uint8_t slot;
};

/*
 * Find the loads of a classic program that have certainly been done already wherever they stand, as in a list of
 * networks. The kernel replaces each LD_ABS and LD_IND by several instructions and moves all that follow
 * (bpf_patch_insn_data() in kernel/bpf/core.c), so that it takes seconds to load a thousand.
 *
 * Fills in an element for each of the `count` instructions, with a slot for each of the loads found. 0 or -ENOMEM.
 */
int cbpf_reuse_find(const struct sock_filter *program, size_t count, struct reuse *reuse, struct reuse_loads *loads);

/* Restrict this to REUSE_SLOTS slots, and to results that are taken again. */
void cbpf_reuse_limit(struct reuse *reuse, size_t count);

#endif
