/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/cbpf_to_ebpf.h"

#include <errno.h>
#include <stdlib.h>

#include "ebpf/cbpf_emit.h"

#define UNREACHABLE UINT32_MAX

enum { PATCHED_MAX = 200 }; /* it takes the kernel a fraction of a second to replace so many loads */

static void emit_accept(struct emitter *emitter)
{
	const struct cbpf_options *options = emitter->options;

	if (options->next_fd < 0) {
		emit(emitter, BPF_MOV32_IMM(REG_A, 1));
		emit(emitter, BPF_EXIT_INSN());
		return;
	}
	emit(emitter, BPF_MOV64_REG(BPF_REG_1, REG_SKB));
	emit(emitter, EBPF_INSN(BPF_LD | BPF_IMM | BPF_DW, BPF_REG_2, BPF_PSEUDO_MAP_FD, 0, options->next_fd));
	emit(emitter, EBPF_INSN(0, 0, 0, 0, 0));
	emit(emitter, BPF_MOV32_IMM(BPF_REG_3, options->next_slot));
	emit(emitter, BPF_EMIT_CALL(BPF_FUNC_tail_call));
	emit_reject(emitter);
}

/* The offset to a classic pc of a jump that is emitted next. */
static int64_t jump_offset(const struct emitter *emitter, size_t target)
{
	return (int64_t)emitter->start[target] - (int64_t)emitter->length - 1;
}

/* Mark a classic pc as reachable. */
static int reach(struct emitter *emitter, uint64_t target)
{
	if (target >= emitter->count)
		return emit_refuse(emitter, "the classic program has a path past its end");
	if (emitter->start[target] == UNREACHABLE)
		emitter->start[target] = 0;
	return 0;
}

/* Use the short form where it reaches: kernels before Linux 6.6 have no other. */
static void jump_to(struct emitter *emitter, size_t target)
{
	int64_t offset = jump_offset(emitter, target);

	if (offset <= INT16_MAX)
		emit(emitter, BPF_JMP_A(offset));
	else
		emit(emitter, BPF_JMP32_A(offset));
}

static int emit_jump_always(struct emitter *emitter, size_t pc, const struct sock_filter *insn)
{
	uint64_t target = (uint64_t)pc + 1 + insn->k;

	if ((int32_t)insn->k < 0)
		return emit_refuse(emitter, "it needs a loop over the packet's headers (protochain), which the kernel "
					    "does not allow in a filter");
	if (reach(emitter, target))
		return -EINVAL;
	jump_to(emitter, target);
	return 0;
}

static void emit_branch(struct emitter *emitter, const struct sock_filter *insn, uint8_t op, size_t target)
{
	int64_t offset = jump_offset(emitter, target);

	if (BPF_SRC(insn->code) == BPF_X)
		emit(emitter, BPF_JMP32_REG(op, REG_A, REG_X, offset));
	else
		emit(emitter, BPF_JMP32_IMM(op, REG_A, insn->k, offset));
}

/* jt and jf are 8 bits wide, so a 16-bit offset always reaches their targets. */
static int emit_jump(struct emitter *emitter, size_t pc, const struct sock_filter *insn)
{
	static const uint8_t inverse[] = {
		[BPF_JEQ >> 4] = BPF_JNE, [BPF_JGT >> 4] = BPF_JLE, [BPF_JGE >> 4] = BPF_JLT, [BPF_JSET >> 4] = 0};
	uint8_t op = BPF_OP(insn->code);
	size_t yes = pc + 1 + insn->jt;
	size_t no = pc + 1 + insn->jf;

	if (op == BPF_JA)
		return emit_jump_always(emitter, pc, insn);
	if (op > BPF_JSET)
		return emit_refuse(emitter, "the classic program has an unknown jump");
	if (reach(emitter, yes) || reach(emitter, no))
		return -EINVAL;
	if (insn->jt == 0 && inverse[op >> 4]) {
		emit_branch(emitter, insn, inverse[op >> 4], no);
		return 0;
	}
	emit_branch(emitter, insn, op, yes);
	if (insn->jf != 0)
		jump_to(emitter, no);
	return 0;
}

/* Constant operands that bpf_check_classic() (net/core/filter.c) rejects. */
static bool bad_constant(uint8_t op, uint32_t k)
{
	return ((op == BPF_DIV || op == BPF_MOD) && k == 0) || ((op == BPF_LSH || op == BPF_RSH) && k > 31);
}

static int emit_alu(struct emitter *emitter, const struct sock_filter *insn)
{
	uint8_t op = BPF_OP(insn->code);

	if (op > BPF_XOR)
		return emit_refuse(emitter, "the classic program has unknown arithmetic");
	if (op == BPF_NEG) {
		emit(emitter, BPF_ALU32_IMM(BPF_NEG, REG_A, 0));
	} else if (BPF_SRC(insn->code) == BPF_K) {
		if (bad_constant(op, insn->k))
			return emit_refuse(emitter, "it divides by zero or shifts by more than 31 bits");
		emit(emitter, BPF_ALU32_IMM(op, REG_A, insn->k));
	} else {
		if (op == BPF_DIV || op == BPF_MOD) {
			emit(emitter, BPF_JMP32_IMM(BPF_JNE, REG_X, 0, 2));
			emit_reject(emitter);
		}
		emit(emitter, BPF_ALU32_REG(op, REG_A, REG_X));
	}
	return 0;
}

static int emit_store(struct emitter *emitter, const struct sock_filter *insn)
{
	uint8_t source = BPF_CLASS(insn->code) == BPF_ST ? REG_A : REG_X;

	if (insn->k >= BPF_MEMWORDS)
		return emit_refuse(emitter, "the classic program stores outside its memory");
	emit(emitter, BPF_STX_MEM(BPF_DW, BPF_REG_10, source, emit_memory(insn->k)));
	return 0;
}

static int emit_return(struct emitter *emitter, const struct sock_filter *insn)
{
	if (BPF_RVAL(insn->code) == BPF_A) {
		emit(emitter, BPF_JMP32_IMM(BPF_JNE, REG_A, 0, 1));
		emit(emitter, BPF_EXIT_INSN());
		emit_accept(emitter);
	} else if (BPF_RVAL(insn->code) != BPF_K) {
		return emit_refuse(emitter, "the classic program returns X");
	} else if (insn->k == 0) {
		emit_reject(emitter);
	} else {
		emit_accept(emitter);
	}
	return 0;
}

static int emit_misc(struct emitter *emitter, const struct sock_filter *insn)
{
	if (BPF_MISCOP(insn->code) == BPF_TAX)
		emit(emitter, BPF_MOV32_REG(REG_X, REG_A));
	else
		emit(emitter, BPF_MOV32_REG(REG_A, REG_X));
	return 0;
}

static int emit_insn(struct emitter *emitter, size_t pc, const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		return emit_load(emitter, pc);
	case BPF_ST:
	case BPF_STX:
		return emit_store(emitter, insn);
	case BPF_ALU:
		return emit_alu(emitter, insn);
	case BPF_JMP:
		return emit_jump(emitter, pc, insn);
	case BPF_RET:
		return emit_return(emitter, insn);
	default:
		return emit_misc(emitter, insn);
	}
}

/* A, X and the memory start as zero. */
static void emit_prologue(struct emitter *emitter)
{
	emit(emitter, BPF_MOV64_REG(REG_SKB, BPF_REG_1));
	if (emitter->needs_network)
		emit_network_offset(emitter);
	if (emitter->hoists)
		emit_hoist(emitter);
	emit(emitter, BPF_MOV32_IMM(REG_A, 0));
	emit(emitter, BPF_MOV32_IMM(REG_X, 0));
	for (unsigned int word = 0; word < BPF_MEMWORDS; word++)
		if (emitter->memory_used & 1u << word)
			emit(emitter, BPF_ST_MEM(BPF_DW, BPF_REG_10, emit_memory(word), 0));
}

/* One pass. The first finds the length, and which instructions are reachable: the verifier rejects the others. It also
 * fills in start[], where the second finds the targets of the jumps, which all lead forward. */
static int emit_program(struct emitter *emitter)
{
	emitter->length = 0;
	emitter->patched = 0;
	emitter->reject = 0;
	emit_prologue(emitter);
	for (size_t pc = 0; pc < emitter->count; pc++) {
		const struct sock_filter *insn = &emitter->program[pc];

		if (emitter->start[pc] == UNREACHABLE)
			continue;
		emitter->start[pc] = (uint32_t)emitter->length;
		if (emit_insn(emitter, pc, insn))
			return -EINVAL;
		if (BPF_CLASS(insn->code) != BPF_JMP && BPF_CLASS(insn->code) != BPF_RET && reach(emitter, pc + 1))
			return -EINVAL;
	}
	return 0;
}

/* Find what the prologue has to set up. */
static void find_needs(struct emitter *emitter)
{
	emitter->needs_network = emitter->options->base == CBPF_COOKED_LINEAR;
	for (size_t pc = 0; pc < emitter->count; pc++) {
		const struct sock_filter *insn = &emitter->program[pc];
		bool load = BPF_CLASS(insn->code) == BPF_LD || BPF_CLASS(insn->code) == BPF_LDX;

		if (load && BPF_MODE(insn->code) == BPF_MEM && insn->k < BPF_MEMWORDS)
			emitter->memory_used |= (uint16_t)(1u << insn->k);
		if (load && BPF_MODE(insn->code) == BPF_LEN && emitter->options->base != CBPF_LINK)
			emitter->needs_network = true;
	}
}

/* Find what becomes of the loads, and do the first pass. */
static int emit_first_pass(struct emitter *emitter, bool hoist)
{
	struct reuse_loads loads;
	int ret = cbpf_reuse_find(emitter->program, emitter->count, emitter->reuse, &loads);

	if (ret)
		return ret;
	emitter->hoists = hoist;
	if (hoist) {
		cbpf_hoist_choose(&emitter->hoist, &loads, emitter->options->base, emitter->reuse, emitter->count);
		emitter->needs_network |= emitter->options->base != CBPF_LINK;
	} else {
		cbpf_reuse_limit(emitter->reuse, emitter->count);
	}
	return emit_program(emitter);
}

int cbpf_to_ebpf(const struct sock_filter *program, size_t count, const struct cbpf_options *options,
		 struct bpf_insn **out, size_t *out_count, const char **reason)
{
	struct emitter emitter = {.program = program, .count = count, .options = options};
	int err = -ENOMEM;

	*reason = "out of memory";
	emitter.start = malloc((count + 1) * sizeof(*emitter.start));
	emitter.reuse = malloc((count + 1) * sizeof(*emitter.reuse));
	if (emitter.start && emitter.reuse) {
		for (size_t pc = 0; pc < count; pc++)
			emitter.start[pc] = UNREACHABLE;
		find_needs(&emitter);
		err = reach(&emitter, 0);
	}
	if (!err)
		err = emit_first_pass(&emitter, options->always_hoist);
	if (!err && emitter.patched > PATCHED_MAX)
		err = emit_first_pass(&emitter, true);
	if (!err) {
		emitter.out = calloc(emitter.length, sizeof(*emitter.out));
		err = emitter.out ? emit_program(&emitter) : -ENOMEM;
	}
	free(emitter.start);
	free(emitter.reuse);
	if (emitter.reason)
		*reason = emitter.reason;
	*out = emitter.out;
	*out_count = emitter.length;
	return err;
}
