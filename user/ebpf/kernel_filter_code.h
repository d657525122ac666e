/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_CODE_H
#define BPFSNIFF_KERNEL_FILTER_CODE_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

struct kernel_filter;

enum { KERNEL_FILTER_PROGRAMS_MAX = 4 };

/* A program of a filter as the kernel runs it: without dead code, and with loads, helpers and maps as the verifier has
 * rewritten them. */
struct kernel_filter_code {
	const char *name;
	struct bpf_insn *insns;
	size_t count;
	struct bpf_func_info *functions; /* where they begin; NULL if the program has none */
	size_t function_count;
};

/* Read the programs in the order in which a frame passes them, into codes that the caller has zeroed. Returns how many
 * there are, or -errno; call kernel_filter_code_release() in either case. */
int kernel_filter_code_read(const struct kernel_filter *filter,
			    struct kernel_filter_code codes[KERNEL_FILTER_PROGRAMS_MAX]);

/* The name of the function that begins at an instruction; NULL if none does. */
const char *kernel_filter_code_function(const struct kernel_filter *filter, const struct kernel_filter_code *code,
					size_t insn);

/* The name of the map with an id, as it stands in BPF_LD_IMM64; NULL if the filter has no such map. */
const char *kernel_filter_code_map(const struct kernel_filter *filter, uint32_t id);

/* Takes zeroed codes too. */
void kernel_filter_code_release(struct kernel_filter_code codes[KERNEL_FILTER_PROGRAMS_MAX]);

#endif
