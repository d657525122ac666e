/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CBPF_TO_EBPF_H
#define BPFSNIFF_CBPF_TO_EBPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/bpf.h>
#include <linux/filter.h>

/*
 * Classic BPF to eBPF, with the meaning that the kernel itself gives to a classic socket filter (bpf_convert_filter()
 * in net/core/filter.c): 32-bit arithmetic, shifts modulo 32, a division by an X of zero and a load past the end
 * reject.
 */

/* Where the program counts its offsets from. */
enum cbpf_base {
	CBPF_LINK,          /* the first byte that a SOCK_RAW socket sees */
	CBPF_COOKED,        /* a Linux cooked header v2, as libpcap compiles for the device "any" */
	CBPF_COOKED_LINEAR, /* the same, for kernels where SKF_NET_OFF reaches only the linear part of a frame, as
				before Linux 6.16: what a sender's TCP segments carry lies behind it */
};

struct cbpf_options {
	enum cbpf_base base;
	int next_fd;        /* accept: tail call into this program array; below 0: return 1 */
	uint32_t next_slot; /* and this slot of it; should it be empty, the program returns 0 */
};

/* Translate `count` instructions. *out (to be freed by the caller) and *out_count receive the eBPF program, which
 * returns 0 for reject. 0, -ENOMEM, or -EINVAL for what the kernel cannot run, with *reason a sentence that says why.
 */
int cbpf_to_ebpf(const struct sock_filter *program, size_t count, const struct cbpf_options *options,
		 struct bpf_insn **out, size_t *out_count, const char **reason);

#endif
