/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_EBPF_RUN_H
#define BPFSNIFF_FUZZ_EBPF_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/bpf.h>

/* A frame as a socket filter sees it. */
struct ebpf_frame {
	const uint8_t *bytes;
	uint32_t length;
	uint32_t network;         /* offset of the network header */
	struct __sk_buff context; /* what the program reads of it beside the bytes; `len` is the length */
};

/* What a program did that means something else to libpcap's interpreter, or nothing. */
struct ebpf_notes {
	bool wide_shift;    /* shifted by more than 31 */
	bool far_offset;    /* loaded at an X + k that is above 2^31 */
	bool asked_helpers; /* for a number that the frame does not have */
};

/*
 * Run what cbpf_to_ebpf() makes, as the kernel would: the instructions that it uses, and no others. What the kernel's
 * verifier would refuse ends the program that calls this: a jump that does not lead forward to an instruction, a
 * register or a word of the stack that has no value, a pointer where a number is wanted. Returns what the program
 * returns; a tail call that succeeds returns 1.
 */
uint32_t ebpf_run(const struct bpf_insn *program, size_t count, const struct ebpf_frame *frame,
		  struct ebpf_notes *notes);

#endif
