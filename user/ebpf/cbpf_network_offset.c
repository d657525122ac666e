/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_ether.h>
#include <stddef.h>

#include "ebpf/cbpf_emit.h"

/*
 * The offset of the network header, which no field of struct __sk_buff tells. bpf_skb_load_bytes_relative() reads from
 * the link-level header on as well as from the network header on, and in both cases up to the end of the frame's linear
 * part: the difference of the two lengths is the offset. Each is found by bisection, asking for one byte at a time; a
 * frame that is linear to its end needs no search for the first.
 */

enum {
	BYTE = -8 * (BPF_MEMWORDS + 1), /* on the stack, behind M[] */
	REG_LENGTH = REG_X,             /* bytes that can be read from the link-level header on */
	LENGTH_STEP = 0x8000,           /* older kernels read at offsets up to 0xffff only */
	OFFSET_STEP = 64,               /* finds offsets below 128 */
};

/* Lengths of what is jumped over, in instructions. */
enum {
	PROBE = 6,
	LENGTH_SEARCH = 3 + 16 * (PROBE + 4),
	OFFSET_SEARCH = 3 + 7 * (PROBE + 6),
};

/* r0 = 0 if the byte at the offset in r2 can be read. */
static void emit_probe(struct emitter *emitter, enum bpf_hdr_start_off start)
{
	emit(emitter, BPF_MOV64_REG(BPF_REG_1, REG_SKB));
	emit(emitter, BPF_MOV64_REG(BPF_REG_3, BPF_REG_10));
	emit(emitter, BPF_ALU64_IMM(BPF_ADD, BPF_REG_3, BYTE));
	emit(emitter, BPF_MOV32_IMM(BPF_REG_4, 1));
	emit(emitter, BPF_MOV32_IMM(BPF_REG_5, start));
	emit(emitter, BPF_EMIT_CALL(BPF_FUNC_skb_load_bytes_relative));
}

/* A search begins with nothing found. The verifier must not see that this is zero: it would follow every sum of steps
 * as a value of its own, a million instructions. Two loads of one field are for it two unknown numbers. */
static void emit_hidden_zero(struct emitter *emitter, uint8_t found)
{
	emit(emitter, BPF_LDX_MEM(BPF_W, found, REG_SKB, offsetof(struct __sk_buff, len)));
	emit(emitter, BPF_LDX_MEM(BPF_W, REG_TEMPORARY, REG_SKB, offsetof(struct __sk_buff, len)));
	emit(emitter, BPF_ALU32_REG(BPF_SUB, found, REG_TEMPORARY));
}

/* The greatest length whose last byte can be read. */
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

/* Where the network header follows an Ethernet header, two questions will do; else go on behind this. */
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

/* The greatest number by which the network header's length falls short of REG_LENGTH. */
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

/* Without loops: where the verifier follows also what a processor only speculates, without CAP_PERFMON, they are too
 * much for it. */
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
