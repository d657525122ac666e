/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/program_reach.h"

#include <stdlib.h>

/* What is known of the accumulator before an instruction. X and the memory are never known. */
struct state {
	bool reached;
	bool known;
	uint32_t a;
};

/* Jumps go forward (bpf_check_classic() in net/core/filter.c), so what leads to an instruction has been seen before it.
 */
static void reach(struct state *state, const struct state *from)
{
	if (!state->reached)
		*state = *from;
	else if (!from->known || state->a != from->a)
		state->known = false;
}

static void load(struct state *state, const struct sock_filter *insn, const struct known_field *fields, size_t count)
{
	state->known = insn->code == (BPF_LD | BPF_IMM);
	state->a = insn->k;
	if (BPF_MODE(insn->code) != BPF_ABS)
		return;
	for (size_t i = 0; i < count && !state->known; i++) {
		state->known = fields[i].offset == insn->k && fields[i].size == BPF_SIZE(insn->code);
		state->a = fields[i].value;
	}
}

static void calculate(struct state *state, const struct sock_filter *insn)
{
	if (BPF_SRC(insn->code) != BPF_K) {
		state->known = false;
		return;
	}
	switch (BPF_OP(insn->code)) {
	case BPF_AND:
		state->a &= insn->k;
		break;
	case BPF_OR:
		state->a |= insn->k;
		break;
	case BPF_RSH:
		state->a >>= insn->k & 31;
		break;
	case BPF_LSH:
		state->a <<= insn->k & 31;
		break;
	default:
		state->known = false;
	}
}

/* Whether a comparison with a constant holds. */
static bool holds(uint32_t a, const struct sock_filter *insn)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return a == insn->k;
	case BPF_JGT:
		return a > insn->k;
	case BPF_JGE:
		return a >= insn->k;
	default:
		return a & insn->k;
	}
}

static void jump(struct state *next, const struct state *state, const struct sock_filter *insn)
{
	bool decided = state->known && BPF_SRC(insn->code) == BPF_K;

	if (BPF_OP(insn->code) == BPF_JA) {
		reach(&next[insn->k], state);
		return;
	}
	if (!decided || holds(state->a, insn))
		reach(&next[insn->jt], state);
	if (!decided || !holds(state->a, insn))
		reach(&next[insn->jf], state);
}

/* libpcap's `protochain` goes backward, by an offset that is negative as a signed number. */
static bool has_loop(const struct sock_filter *program, size_t count)
{
	for (size_t pc = 0; pc < count; pc++)
		if (program[pc].code == (BPF_JMP | BPF_JA) && program[pc].k >= count - pc - 1)
			return true;
	return false;
}

/* Whether the instruction accepts; otherwise it goes on to one of those behind it. */
static bool step(struct state *states, const struct sock_filter *insn, const struct known_field *fields, size_t count)
{
	struct state state = *states, *next = states + 1;

	switch (BPF_CLASS(insn->code)) {
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_K ? insn->k : !state.known || state.a;
	case BPF_JMP:
		jump(next, &state, insn);
		return false;
	case BPF_LD:
		load(&state, insn, fields, count);
		break;
	case BPF_ALU:
		calculate(&state, insn);
		break;
	case BPF_MISC:
		state.known &= BPF_MISCOP(insn->code) == BPF_TAX;
		break;
	default: /* X, or the memory */
		break;
	}
	reach(next, &state);
	return false;
}

bool program_may_accept(const struct sock_filter *program, size_t count, const struct known_field *fields,
			size_t field_count)
{
	struct state *states = calloc(count + 1, sizeof(*states));
	bool accepts = !states || has_loop(program, count);

	if (!accepts)
		states[0].reached = true;
	for (size_t pc = 0; pc < count && !accepts; pc++)
		accepts = states[pc].reached && step(&states[pc], &program[pc], fields, field_count);
	free(states);
	return accepts;
}
