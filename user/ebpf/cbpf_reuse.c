/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/cbpf_reuse.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum { X_UNKNOWN = UINT32_MAX };

/* What holds at an instruction, whichever way led there. */
struct facts {
	bool reached;
	uint64_t kept; /* bit n: slot n */
	uint32_t x;    /* as in struct reuse_load, or X_UNKNOWN */
};

struct search {
	const struct sock_filter *program;
	size_t count;
	struct facts *facts; /* one for each instruction */
	struct reuse_loads *found;
};

_Static_assert(REUSE_LOADS <= 64, "a bit of struct facts for each");

/* Jumps lead forward, so that all facts of an instruction are known before it is looked at. */
static void flow(struct search *search, uint64_t target, const struct facts *facts)
{
	struct facts *there;

	if (target >= search->count)
		return;
	there = &search->facts[target];
	if (!there->reached) {
		*there = *facts;
		return;
	}
	there->kept &= facts->kept;
	if (there->x != facts->x)
		there->x = X_UNKNOWN;
}

static bool read_load(const struct sock_filter *insn, const struct facts *facts, struct reuse_load *load)
{
	*load = (struct reuse_load){insn->code, insn->k, X_UNKNOWN, 0};
	if ((int32_t)insn->k < 0) /* from SKF_AD_OFF on, a random number is loaded too */
		return false;
	switch (insn->code & ~BPF_SIZE(insn->code)) {
	case BPF_LD | BPF_ABS:
	case BPF_LDX | BPF_MSH:
		return true;
	case BPF_LD | BPF_IND:
		load->x = facts->x;
		return facts->x != X_UNKNOWN;
	default:
		return false;
	}
}

/* The slot of a load; REUSE_LOADS if all are taken by others. */
static size_t slot_of(struct reuse_loads *found, const struct reuse_load *load)
{
	size_t slot;

	for (slot = 0; slot < found->count; slot++) {
		const struct reuse_load *other = &found->loads[slot];

		if (other->code == load->code && other->k == load->k && other->x == load->x)
			return slot;
	}
	if (slot < REUSE_LOADS)
		found->loads[found->count++] = *load;
	return slot;
}

static struct reuse find(struct search *search, const struct sock_filter *insn, struct facts *facts)
{
	struct reuse reuse = {REUSE_NONE, 0};
	struct reuse_load load;
	size_t slot;

	if (!read_load(insn, facts, &load))
		return reuse;
	slot = slot_of(search->found, &load);
	if (slot == REUSE_LOADS)
		return reuse;
	search->found->loads[slot].uses++;
	reuse.slot = (uint8_t)slot;
	reuse.action = facts->kept & UINT64_C(1) << slot ? REUSE_TAKE : REUSE_KEEP;
	facts->kept |= UINT64_C(1) << slot;
	return reuse;
}

/* What X is after an instruction. */
static uint32_t x_after(const struct sock_filter *insn, uint32_t before)
{
	if (BPF_CLASS(insn->code) == BPF_LDX)
		return BPF_MODE(insn->code) == BPF_MSH ? insn->k : X_UNKNOWN;
	if (BPF_CLASS(insn->code) == BPF_MISC && BPF_MISCOP(insn->code) == BPF_TAX)
		return X_UNKNOWN;
	return before;
}

static void follow(struct search *search, size_t pc, const struct facts *facts)
{
	const struct sock_filter *insn = &search->program[pc];

	if (BPF_CLASS(insn->code) == BPF_RET)
		return;
	if (BPF_CLASS(insn->code) != BPF_JMP) {
		flow(search, pc + 1, facts);
	} else if (BPF_OP(insn->code) == BPF_JA) {
		flow(search, (uint64_t)pc + 1 + insn->k, facts);
	} else {
		flow(search, pc + 1 + insn->jt, facts);
		flow(search, pc + 1 + insn->jf, facts);
	}
}

int cbpf_reuse_find(const struct sock_filter *program, size_t count, struct reuse *reuse, struct reuse_loads *loads)
{
	struct search search = {
		.program = program, .count = count, .facts = calloc(count, sizeof(struct facts)), .found = loads};

	if (!search.facts)
		return -ENOMEM;
	loads->count = 0;
	flow(&search, 0, &(struct facts){.reached = true, .x = X_UNKNOWN});
	for (size_t pc = 0; pc < count; pc++) {
		struct facts facts = search.facts[pc];

		reuse[pc] = (struct reuse){REUSE_NONE, 0};
		if (!facts.reached)
			continue;
		reuse[pc] = find(&search, &program[pc], &facts);
		facts.x = x_after(&program[pc], facts.x);
		follow(&search, pc, &facts);
	}
	free(search.facts);
	return 0;
}

void cbpf_reuse_limit(struct reuse *reuse, size_t count)
{
	uint32_t taken = 0; /* bit n: slot n is read */

	for (size_t pc = 0; pc < count; pc++) {
		if (reuse[pc].slot >= REUSE_SLOTS)
			reuse[pc] = (struct reuse){REUSE_NONE, 0};
		if (reuse[pc].action == REUSE_TAKE)
			taken |= 1u << reuse[pc].slot;
	}
	for (size_t pc = 0; pc < count; pc++)
		if (reuse[pc].action == REUSE_KEEP && !(taken & 1u << reuse[pc].slot))
			reuse[pc].action = REUSE_NONE;
}
