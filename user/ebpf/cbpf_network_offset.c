/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_ether.h>
#include <stddef.h>

#include "ebpf/cbpf_emit.h"

/*
 * No field of struct __sk_buff gives the offset of the network header. bpf_skb_load_bytes_relative() reads relative to
 * the link-level header or to the network header, in both cases up to the end of the frame's linear part, so the offset
 * is the difference between the two readable lengths. Each is found by bisection, reading one byte at a time. A frame
 * that is linear to its end needs no search for the first.
 */

enum {
	BYTE = -8 * (BPF_MEMWORDS + 1), /* the stack offset of the byte read, below M[] */
	REG_LENGTH = REG_X,             /* bytes readable from the link-level header on */
	LENGTH_STEP = 0x8000,           /* older kernels reject offsets above 0xffff */
	OFFSET_STEP = 64,               /* finds offsets below 128 */
};

/* Lengths of the sequences that are jumped over, in instructions. */
enum {
	PROBE = 6,
	LENGTH_SEARCH = 3 + 16 * (PROBE + 4),
	OFFSET_SEARCH = 3 + 7 * (PROBE + 6),
};

/* r0 = 0 if the byte at offset r2 can be read. */
static void emit_probe(struct emitter *emitter, enum bpf_hdr_start_off start)
{
	emit(emitter, BPF_MOV64_REG(BPF_REG_1, REG_SKB));
	emit(emitter, BPF_MOV64_REG(BPF_REG_3, BPF_REG_10));
	emit(emitter, BPF_ALU64_IMM(BPF_ADD, BPF_REG_3, BYTE));
	emit(emitter, BPF_MOV32_IMM(BPF_REG_4, 1));
	emit(emitter, BPF_MOV32_IMM(BPF_REG_5, start));
	emit(emitter, BPF_EMIT_CALL(BPF_FUNC_skb_load_bytes_relative));
}

/* found = 0. The verifier must not see that: it would track every sum of steps as a separate value, through a million
 * instructions. Two loads of one field are two unknown numbers to it. */
static void emit_hidden_zero(struct emitter *emitter, uint8_t found)
{
	emit(emitter, BPF_LDX_MEM(BPF_W, found, REG_SKB, offsetof(struct __sk_buff, len)));
	emit(emitter, BPF_LDX_MEM(BPF_W, REG_TEMPORARY, REG_SKB, offsetof(struct __sk_buff, len)));
	emit(emitter, BPF_ALU32_REG(BPF_SUB, found, REG_TEMPORARY));
}

/* REG_LENGTH = the greatest length whose last byte can be read. */
static void emit_length_search(struct emitter *emitter)
{
	emit_hidden_zero(emitter, REG_LENGTH);
	for (int32_t step = LENGTH_STEP; step > 0; step /= 2) {
		emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_LENGTH));
		emit(emitter, BPF_ALU32_IMM(BPF_ADD, BPF_REG_2, step - 1));
		emit_probe(emitter, BPF_HDR_START_MAC);
		emit(emitter, BPF_JMP32_IMM(BPF_JNE, BPF_REG_0, 0, 1));
		emit(emitter, BPF_ALU32_IMM(BPF_ADD, REG_LENGTH, step));
	}
}

/* Two probes settle it when the network header follows an Ethernet header; else the code falls through. */
static void emit_ethernet_guess(struct emitter *emitter)
{
	emit(emitter, BPF_MOV32_IMM(REG_NETWORK, ETH_HLEN));
	emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_LENGTH));
	emit(emitter, BPF_ALU32_IMM(BPF_SUB, BPF_REG_2, ETH_HLEN));
	emit_probe(emitter, BPF_HDR_START_NET);
	emit(emitter, BPF_JMP32_IMM(BPF_JEQ, BPF_REG_0, 0, PROBE + 3));
	emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_LENGTH));
	emit(emitter, BPF_ALU32_IMM(BPF_SUB, BPF_REG_2, ETH_HLEN + 1));
	emit_probe(emitter, BPF_HDR_START_NET);
	emit(emitter, BPF_JMP32_IMM(BPF_JEQ, BPF_REG_0, 0, OFFSET_SEARCH));
}

/* REG_NETWORK = REG_LENGTH - the length readable from the network header on. */
static void emit_offset_search(struct emitter *emitter)
{
	emit_hidden_zero(emitter, REG_NETWORK);
	for (int32_t step = OFFSET_STEP; step > 0; step /= 2) {
		emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_LENGTH));
		emit(emitter, BPF_ALU32_REG(BPF_SUB, BPF_REG_2, REG_NETWORK));
		emit(emitter, BPF_JMP32_IMM(BPF_JLT, BPF_REG_2, step, PROBE + 3));
		emit(emitter, BPF_ALU32_IMM(BPF_SUB, BPF_REG_2, step));
		emit_probe(emitter, BPF_HDR_START_NET);
		emit(emitter, BPF_JMP32_IMM(BPF_JEQ, BPF_REG_0, 0, 1));
		emit(emitter, BPF_ALU32_IMM(BPF_ADD, REG_NETWORK, step));
	}
}

/* Unrolled: for a loader without CAP_PERFMON the verifier follows speculative paths too, and loops exceed its limits.
 */
void emit_network_offset(struct emitter *emitter)
{
	emit(emitter, BPF_LDX_MEM(BPF_W, REG_LENGTH, REG_SKB, offsetof(struct __sk_buff, len)));
	emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_LENGTH));
	emit(emitter, BPF_ALU32_IMM(BPF_SUB, BPF_REG_2, 1));
	emit_probe(emitter, BPF_HDR_START_MAC);
	emit(emitter, BPF_JMP32_IMM(BPF_JEQ, BPF_REG_0, 0, LENGTH_SEARCH));
	emit_length_search(emitter);
	emit_ethernet_guess(emitter);
	emit_offset_search(emitter);
}
