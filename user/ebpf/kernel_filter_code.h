/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_CODE_H
#define BPFSNIFF_KERNEL_FILTER_CODE_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

struct kernel_filter;

enum { KERNEL_FILTER_PROGRAMS_MAX = 4 };

/* A program that judges, as the kernel runs it: without what the verifier found to be dead, and with loads, helpers and
 * maps in the kernel's own terms. */
struct kernel_filter_code {
	const char *name;
	struct bpf_insn *insns;
	size_t count;
	struct bpf_func_info *functions; /* where they begin; NULL when the program is just one */
	size_t function_count;
};

/* The programs in the order in which a frame meets them; the caller has zeroed *codes. Returns how many, or -errno;
 * kernel_filter_code_release() in either case. */
int kernel_filter_code_read(const struct kernel_filter *filter,
			    struct kernel_filter_code codes[KERNEL_FILTER_PROGRAMS_MAX]);

/* The name of the function that begins with that instruction; NULL when none does. */
const char *kernel_filter_code_function(const struct kernel_filter *filter, const struct kernel_filter_code *code,
					size_t insn);

/* The name of a map by the number that stands in BPF_LD_IMM64; NULL when it is not the filter's. */
const char *kernel_filter_code_map(const struct kernel_filter *filter, uint32_t id);

void kernel_filter_code_release(struct kernel_filter_code codes[KERNEL_FILTER_PROGRAMS_MAX]);

#endif
