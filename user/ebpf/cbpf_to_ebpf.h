/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CBPF_TO_EBPF_H
#define BPFSNIFF_CBPF_TO_EBPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/bpf.h>
#include <linux/filter.h>

/*
 * Translate classic BPF to eBPF, with the semantics that the kernel gives a classic socket filter (bpf_convert_filter()
 * in net/core/filter.c): arithmetic is 32 bits wide, shifts are modulo 32, and a division by an X of zero or a load
 * past the end rejects the packet.
 */

/* What the program's offsets are relative to. */
enum cbpf_base {
	CBPF_LINK,          /* the first byte that a SOCK_RAW socket sees */
	CBPF_COOKED,        /* a Linux cooked header v2, as libpcap compiles for the device "any" */
	CBPF_COOKED_LINEAR, /* the same, for kernels where SKF_NET_OFF reaches only the linear part of a frame (before
				Linux 6.16): the payload of TCP segments sent from here lies beyond it */
};

/* What to do about an expression on bytes that the cooked header does not have: part of a sentence. */
#define CBPF_COOKED_ADVICE "name an interface with -i to filter on its own link-level header"

struct cbpf_options {
	enum cbpf_base base;
	int next_fd;        /* the program array to tail call on accept; -1: return 1 instead */
	uint32_t next_slot; /* the slot to call; if it is empty, the program returns 0 */
	bool always_hoist;  /* read the packet ahead of time (cbpf_hoist.h) in small programs too */
};

/* Translate `count` instructions. *out (which the caller frees) and *out_count receive the eBPF program, which returns
 * 0 to reject. Returns 0, -ENOMEM, or -EINVAL if the kernel cannot run the program, with a static sentence on why in
 * *reason. */
int cbpf_to_ebpf(const struct sock_filter *program, size_t count, const struct cbpf_options *options,
		 struct bpf_insn **out, size_t *out_count, const char **reason);

#endif
