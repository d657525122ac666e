/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EBPF_TEXT_H
#define BPFSNIFF_EBPF_TEXT_H

#include <stddef.h>

#include <linux/bpf.h>

enum { EBPF_TEXT_SIZE = 96 }; /* bytes; enough for every instruction */

/* Write one instruction as the kernel's disassembler does (kernel/bpf/disasm.c), without its number and a newline, and
 * cut off at `size` bytes. Offsets from the network or the link-level header become `net + N` and `link + N`. Returns
 * how many slots of the program the instruction takes: 1, or 2 for a 64-bit constant. */
size_t ebpf_text(const struct bpf_insn *insn, char *text, size_t size);

#endif
