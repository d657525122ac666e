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
	struct __sk_buff context; /* metadata; `len` is the length */
};

/* What a program did that libpcap's interpreter does differently or not at all. */
struct ebpf_notes {
	bool wide_shift;    /* shifted by more than 31 */
	bool far_offset;    /* loaded at an X + k that is above 2^31 */
	bool asked_helpers; /* called a helper for something else than bytes of the frame */
};

/*
 * Run a program of cbpf_to_ebpf() as the kernel would. Knows only the instructions that cbpf_to_ebpf() emits. Aborts at
 * what the verifier would reject: a jump backwards or out of the program, a register or stack word without a value, a
 * pointer in place of a number. Returns what the program returns; a tail call succeeds and returns 1.
 */
uint32_t ebpf_run(const struct bpf_insn *program, size_t count, const struct ebpf_frame *frame,
		  struct ebpf_notes *notes);

#endif
