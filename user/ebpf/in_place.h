/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_IN_PLACE_H
#define BPFSNIFF_IN_PLACE_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What bpf/in_place.h has to know of the running kernel. */
struct in_place {
	int16_t head, tail, network_header;    /* offsets in struct sk_buff */
	int32_t cast_to_kern_ctx, rdonly_cast; /* ids of functions */
	int32_t words;                         /* id of a type that begins with IN_PLACE_MOST bytes of 64-bit words */
};

/* Find it, and ask the kernel to load a program that reads a header in place, as which it grants that to programs
 * compiled to machine code and to loaders with CAP_PERFMON (since Linux 6.2). False where headers have to be loaded by
 * a helper. */
bool in_place_find(struct in_place *in_place, enum bpf_prog_type type);

/* Write it in place of the marks of include/in_place_marks.h. */
void in_place_fill(const struct in_place *in_place, struct bpf_insn *insns, size_t count);

#endif
