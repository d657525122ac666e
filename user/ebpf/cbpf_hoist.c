/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/cbpf_hoist.h"

#include "ebpf/cbpf_emit.h"
#include "protocols.h"

/* The stack below M[]: the slots, and two more words. */
enum {
	OUTSIDE = HOIST_SLOTS, /* bit n: the load of slot n lies outside the frame */
	CALLED,                /* the result of emit_called_load() */
};

enum { HEADER_MAX = 4 * 0xf }; /* what LDX_MSH loads at most */

/* The upper half of a stack word, where the verifier does not track values. Of a tracked one it would learn from each
 * comparison, and follow the program once for every combination of what it knows. */
static int16_t stack_at(uint8_t slot)
{
	return (int16_t)(emit_slot(slot) + 4);
}

/* Only offsets in the packet: what comes from the cooked header is no LD_ABS. There are no loads of eight bytes. */
static bool can_hoist(const struct reuse_load *load, enum cbpf_base base)
{
	if (BPF_SIZE(load->code) == BPF_DW)
		return false;
	if (base == CBPF_LINK)
		return true;
	if (BPF_MODE(load->code) == BPF_IND)
		return load->k - COOKED2_HEADER < NET_OFFSETS - HEADER_MAX && load->x - COOKED2_HEADER < NET_OFFSETS;
	return load->k - COOKED2_HEADER < NET_OFFSETS;
}

/* The most frequent load without a slot; found->count if there is none. */
static size_t most_frequent(const struct reuse_loads *found, enum cbpf_base base, const uint8_t slots[REUSE_LOADS])
{
	size_t best = found->count;

	for (size_t i = 0; i < found->count; i++) {
		if (slots[i] != HOIST_SLOTS || !can_hoist(&found->loads[i], base))
			continue;
		if (best == found->count || found->loads[i].uses > found->loads[best].uses)
			best = i;
	}
	return best;
}

void cbpf_hoist_choose(struct hoist *hoist, const struct reuse_loads *found, enum cbpf_base base, struct reuse *reuse,
		       size_t count)
{
	uint8_t slots[REUSE_LOADS]; /* HOIST_SLOTS: none */

	for (size_t i = 0; i < REUSE_LOADS; i++)
		slots[i] = HOIST_SLOTS;
	for (hoist->count = 0; hoist->count < HOIST_SLOTS; hoist->count++) {
		size_t best = most_frequent(found, base, slots);

		if (best == found->count)
			break;
		slots[best] = (uint8_t)hoist->count;
		hoist->loads[hoist->count] = found->loads[best];
	}
	for (size_t pc = 0; pc < count; pc++) {
		if (reuse[pc].action == REUSE_NONE)
			continue;
		reuse[pc].slot = slots[reuse[pc].slot];
		if (reuse[pc].slot == HOIST_SLOTS)
			reuse[pc].action = REUSE_NONE;
	}
}

/* r2 = the offset in the frame of what the program has at offset k. */
static void emit_offset(struct emitter *emitter, uint32_t k)
{
	if (emitter->options->base == CBPF_LINK) {
		emit(emitter, BPF_MOV32_IMM(BPF_REG_2, k));
		return;
	}
	emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_NETWORK));
	emit(emitter, BPF_ALU32_IMM(BPF_ADD, BPF_REG_2, k - COOKED2_HEADER));
}

/* Read the bytes at offset r2 of the frame. r0 is 0, or negative if they lie outside; then they read as zero. */
static void emit_read(struct emitter *emitter, uint8_t size, uint8_t slot)
{
	emit(emitter, BPF_MOV64_REG(BPF_REG_1, REG_SKB));
	emit(emitter, BPF_MOV64_REG(BPF_REG_3, BPF_REG_10));
	emit(emitter, BPF_ALU64_IMM(BPF_ADD, BPF_REG_3, stack_at(slot)));
	emit(emitter, BPF_MOV32_IMM(BPF_REG_4, size == BPF_W ? 4 : size == BPF_H ? 2 : 1));
	emit(emitter, BPF_EMIT_CALL(BPF_FUNC_skb_load_bytes));
}

/* Load what emit_read() has read, in host byte order. */
static void emit_result(struct emitter *emitter, uint8_t size, uint8_t slot, uint8_t target)
{
	emit(emitter, BPF_LDX_MEM(size, target, BPF_REG_10, stack_at(slot)));
	if (size != BPF_B)
		emit(emitter, BPF_ENDIAN(BPF_TO_BE, target, size == BPF_W ? 32 : 16));
}

static void emit_header_length_of(struct emitter *emitter, uint8_t target)
{
	emit(emitter, BPF_ALU32_IMM(BPF_AND, target, 0xf));
	emit(emitter, BPF_ALU32_IMM(BPF_LSH, target, 2));
}

/* r2 += X of an LD_IND. If that lies outside, the LDX_MSH before the LD_IND rejects the packet. */
static void emit_add_x(struct emitter *emitter, const struct reuse_load *load, uint8_t slot)
{
	emit_offset(emitter, load->x);
	emit_read(emitter, BPF_B, slot);
	emit_result(emitter, BPF_B, slot, REG_X);
	emit_header_length_of(emitter, REG_X);
	emit_offset(emitter, load->k);
	emit(emitter, BPF_ALU32_REG(BPF_ADD, BPF_REG_2, REG_X));
}

/* Without branches, so that the verifier follows it once. Bit n of REG_TEMPORARY: load n lies outside. */
static void emit_hoist_one(struct emitter *emitter, uint8_t slot)
{
	const struct reuse_load *load = &emitter->hoist.loads[slot];
	bool length = BPF_MODE(load->code) == BPF_MSH;
	uint8_t size = length ? BPF_B : BPF_SIZE(load->code);

	if (BPF_MODE(load->code) == BPF_IND)
		emit_add_x(emitter, load, slot);
	else
		emit_offset(emitter, load->k);
	emit_read(emitter, size, slot);
	emit(emitter, BPF_ALU32_IMM(BPF_RSH, BPF_REG_0, 31));
	emit(emitter, BPF_ALU32_IMM(BPF_LSH, BPF_REG_0, slot));
	emit(emitter, BPF_ALU32_REG(BPF_OR, REG_TEMPORARY, BPF_REG_0));
	emit_result(emitter, size, slot, BPF_REG_0);
	if (length)
		emit_header_length_of(emitter, BPF_REG_0);
	emit(emitter, BPF_STX_MEM(BPF_W, BPF_REG_10, BPF_REG_0, stack_at(slot)));
}

void emit_hoist(struct emitter *emitter)
{
	emit(emitter, BPF_MOV32_IMM(REG_TEMPORARY, 0));
	for (size_t slot = 0; slot < emitter->hoist.count; slot++)
		emit_hoist_one(emitter, (uint8_t)slot);
	emit(emitter, BPF_STX_MEM(BPF_W, BPF_REG_10, REG_TEMPORARY, stack_at(OUTSIDE)));
}

/* Emit a conditional jump to code that rejects the packet. That lies behind, so that what follows the jump is the way
 * on: the verifier takes this way first, and some (bpf_update_live_stack() in Linux 6.18) look at the whole program at
 * the end of each way that has read the stack at new places. */
static void emit_jump_to_reject(struct emitter *emitter, struct bpf_insn jump)
{
	if (!emitter->reject || emitter->length - emitter->reject >= INT16_MAX) {
		emit(emitter, BPF_JMP_A(2));
		emitter->reject = emitter->length;
		emit_reject(emitter);
	}
	jump.off = (int16_t)((int64_t)emitter->reject - (int64_t)emitter->length - 1);
	emit(emitter, jump);
}

void emit_hoisted_load(struct emitter *emitter, struct reuse reuse, uint8_t target)
{
	if (reuse.action != REUSE_TAKE) {
		emit(emitter, BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_10, stack_at(OUTSIDE)));
		emit_jump_to_reject(emitter, BPF_JMP32_IMM(BPF_JSET, BPF_REG_1, 1 << reuse.slot, 0));
	}
	emit(emitter, BPF_LDX_MEM(BPF_W, target, BPF_REG_10, stack_at(reuse.slot)));
}

void emit_called_load(struct emitter *emitter, uint8_t size)
{
	emit_read(emitter, size, CALLED);
	emit_jump_to_reject(emitter, BPF_JMP32_IMM(BPF_JNE, BPF_REG_0, 0, 0));
	emit_result(emitter, size, CALLED, REG_A);
}
