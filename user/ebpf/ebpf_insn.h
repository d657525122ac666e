/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EBPF_INSN_H
#define BPFSNIFF_EBPF_INSN_H

#include <linux/bpf.h>

/* A speculation barrier, which only the verifier inserts (do_misc_fixups() in kernel/bpf/verifier.c). */
#define BPF_NOSPEC 0xc0

/* eBPF instructions under the names of the kernel's include/linux/filter.h, which is not exported to user space. */

#define EBPF_INSN(CODE, DST, SRC, OFF, IMM) \
	((struct bpf_insn){                 \
		.code = (__u8)(CODE), .dst_reg = (DST), .src_reg = (SRC), .off = (__s16)(OFF), .imm = (__s32)(IMM)})

#define BPF_ALU32_REG(OP, DST, SRC) EBPF_INSN(BPF_ALU | (OP) | BPF_X, DST, SRC, 0, 0)
#define BPF_ALU32_IMM(OP, DST, IMM) EBPF_INSN(BPF_ALU | (OP) | BPF_K, DST, 0, 0, IMM)
#define BPF_ALU64_REG(OP, DST, SRC) EBPF_INSN(BPF_ALU64 | (OP) | BPF_X, DST, SRC, 0, 0)
#define BPF_ALU64_IMM(OP, DST, IMM) EBPF_INSN(BPF_ALU64 | (OP) | BPF_K, DST, 0, 0, IMM)
#define BPF_MOV32_REG(DST, SRC)     BPF_ALU32_REG(BPF_MOV, DST, SRC)
#define BPF_MOV32_IMM(DST, IMM)     BPF_ALU32_IMM(BPF_MOV, DST, IMM)
#define BPF_MOV64_REG(DST, SRC)     BPF_ALU64_REG(BPF_MOV, DST, SRC)
#define BPF_MOV64_IMM(DST, IMM)     BPF_ALU64_IMM(BPF_MOV, DST, IMM)

#define BPF_LDX_MEM(SIZE, DST, SRC, OFF) EBPF_INSN(BPF_LDX | (SIZE) | BPF_MEM, DST, SRC, OFF, 0)
#define BPF_STX_MEM(SIZE, DST, SRC, OFF) EBPF_INSN(BPF_STX | (SIZE) | BPF_MEM, DST, SRC, OFF, 0)
#define BPF_ST_MEM(SIZE, DST, OFF, IMM)  EBPF_INSN(BPF_ST | (SIZE) | BPF_MEM, DST, 0, OFF, IMM)
#define BPF_LD_ABS(SIZE, IMM)            EBPF_INSN(BPF_LD | (SIZE) | BPF_ABS, 0, 0, 0, IMM)
#define BPF_LD_IND(SIZE, SRC, IMM)       EBPF_INSN(BPF_LD | (SIZE) | BPF_IND, 0, SRC, 0, IMM)
#define BPF_ENDIAN(TYPE, DST, BITS)      EBPF_INSN(BPF_ALU | BPF_END | (TYPE), DST, 0, 0, BITS)

#define BPF_JMP32_IMM(OP, DST, IMM, OFF) EBPF_INSN(BPF_JMP32 | (OP) | BPF_K, DST, 0, OFF, IMM)
#define BPF_JMP32_REG(OP, DST, SRC, OFF) EBPF_INSN(BPF_JMP32 | (OP) | BPF_X, DST, SRC, OFF, 0)
#define BPF_JMP_A(OFF)                   EBPF_INSN(BPF_JMP | BPF_JA, 0, 0, OFF, 0)
#define BPF_JMP32_A(IMM)                 EBPF_INSN(BPF_JMP32 | BPF_JA, 0, 0, 0, IMM) /* Linux 6.6 */
#define BPF_EMIT_CALL(FUNC)              EBPF_INSN(BPF_JMP | BPF_CALL, 0, 0, 0, FUNC)
#define BPF_ST_NOSPEC()                  EBPF_INSN(BPF_ST | BPF_NOSPEC, 0, 0, 0, 0)
#define BPF_EXIT_INSN()                  EBPF_INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

#endif
