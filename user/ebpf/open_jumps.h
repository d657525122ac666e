/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPEN_JUMPS_H
#define BPFSNIFF_OPEN_JUMPS_H

#include <linux/bpf.h>
#include <stddef.h>

/*
 * The verifier follows one way through a program at a time, and remembers the conditional jumps whose other way it has
 * yet to take. When these are too many it gives up: near the end of a long program, after seconds, since its time grows
 * with the square of the length (Linux 6.18). So they are counted before.
 */

enum { OPEN_JUMPS_MAX = 8192 }; /* BPF_COMPLEXITY_LIMIT_JMP_SEQ (kernel/bpf/verifier.c) */

/* How many jumps the verifier remembers at a time, at the least; counted up to OPEN_JUMPS_MAX + 1. 0 also where it may
 * know the outcome of a jump, so that it remembers fewer. -ENOMEM. */
long open_jumps(const struct bpf_insn *insns, size_t count);

#endif
