/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/open_jumps.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "ebpf/ebpf_insn.h"

struct walk {
	const struct bpf_insn *insns;
	size_t count;
	bool *seen;                      /* whether a way has come to each instruction */
	size_t open[OPEN_JUMPS_MAX + 1]; /* where the other ways begin, the last one the next to be taken */
	size_t open_count;
};

/* For each register the largest value that it may have, if it may have every one below; 0: not so. */
struct loaded {
	uint32_t most[MAX_BPF_REG];
};

/* Whole stack words are those that the program stores, which the verifier may know; the halves hold loads. */
static uint32_t most_loaded(uint8_t size)
{
	return size == BPF_W ? UINT32_MAX : size == BPF_H ? UINT16_MAX : size == BPF_B ? UINT8_MAX : 0;
}

static void note_load(struct loaded *loaded, const struct bpf_insn *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		if (BPF_MODE(insn->code) == BPF_IMM)
			loaded->most[insn->dst_reg] = 0;
		else
			loaded->most[BPF_REG_0] = most_loaded(BPF_SIZE(insn->code));
		break;
	case BPF_LDX:
		loaded->most[insn->dst_reg] = most_loaded(BPF_SIZE(insn->code));
		break;
	case BPF_ALU:
	case BPF_ALU64:
		if (BPF_OP(insn->code) != BPF_END)
			loaded->most[insn->dst_reg] = 0;
		break;
	default: /* stores */
		break;
	}
}

/* Whether both outcomes are certainly possible to the verifier. */
static bool is_open(const struct bpf_insn *insn, uint32_t most)
{
	const uint32_t constant = (uint32_t)insn->imm;

	if (!most || BPF_SRC(insn->code) == BPF_X)
		return false;
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
	case BPF_JNE:
		return constant <= most;
	case BPF_JSET:
		return constant & most;
	case BPF_JGT:
	case BPF_JLE:
		return constant < most;
	case BPF_JGE:
	case BPF_JLT:
		return constant && constant <= most;
	default:
		return false;
	}
}

/* The next instruction; walk->count: none. */
static size_t next(struct walk *walk, struct loaded *loaded, size_t pc)
{
	const struct bpf_insn *insn = &walk->insns[pc];

	if (BPF_CLASS(insn->code) != BPF_JMP && BPF_CLASS(insn->code) != BPF_JMP32) {
		note_load(loaded, insn);
		return pc + (insn->code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1);
	}
	switch (BPF_OP(insn->code)) {
	case BPF_EXIT:
		return walk->count;
	case BPF_CALL:
		loaded->most[BPF_REG_0] = insn->imm == BPF_FUNC_skb_load_bytes ? UINT32_MAX : 0;
		return pc + 1;
	case BPF_JA:
		return pc + 1 + (size_t)(BPF_CLASS(insn->code) == BPF_JMP32 ? insn->imm : insn->off);
	default:
		walk->open[walk->open_count++] = pc + 1 + (size_t)insn->off;
		loaded->most[insn->dst_reg] = 0; /* the outcome tells something about it */
		return pc + 1;
	}
}

static bool is_conditional(const struct bpf_insn *insn)
{
	const uint8_t op = BPF_OP(insn->code);

	return (BPF_CLASS(insn->code) == BPF_JMP || BPF_CLASS(insn->code) == BPF_JMP32) && op != BPF_JA &&
	       op != BPF_CALL && op != BPF_EXIT;
}

/* Follow a way to its end, or to where another has been. False where the outcome of a jump may be known. */
static bool follow(struct walk *walk, size_t pc)
{
	struct loaded loaded = {{0}};

	while (pc < walk->count && !walk->seen[pc] && walk->open_count <= OPEN_JUMPS_MAX) {
		const struct bpf_insn *insn = &walk->insns[pc];

		if (is_conditional(insn) && !is_open(insn, loaded.most[insn->dst_reg]))
			return false;
		walk->seen[pc] = true;
		pc = next(walk, &loaded, pc);
	}
	return true;
}

/* As open_jumps(). */
static long count_open(struct walk *walk)
{
	size_t most = 0, pc = 0;

	for (;;) {
		if (!follow(walk, pc))
			return 0;
		if (walk->open_count > most)
			most = walk->open_count;
		if (!walk->open_count || most > OPEN_JUMPS_MAX)
			return (long)most;
		pc = walk->open[--walk->open_count];
	}
}

long open_jumps(const struct bpf_insn *insns, size_t count)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	long most = -ENOMEM;

	if (!walk)
		return most;
	walk->insns = insns;
	walk->count = count;
	walk->seen = calloc(count + 1, sizeof(*walk->seen));
	if (walk->seen)
		most = count_open(walk);
	free(walk->seen);
	free(walk);
	return most;
}
