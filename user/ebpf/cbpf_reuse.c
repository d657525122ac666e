/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/cbpf_reuse.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum { X_UNKNOWN = UINT32_MAX };

/* A load that depends on nothing but the packet. */
struct load {
	uint16_t code;
	uint32_t k;
	uint32_t x; /* of LD_IND: X is the header length that LDX_MSH reads at this offset */
};

/* What holds at an instruction, whichever way led there. */
struct facts {
	bool reached;
	uint16_t kept; /* bit n: slot n */
	uint32_t x;    /* as in struct load, or X_UNKNOWN */
};

struct search {
	const struct sock_filter *program;
	size_t count;
	struct facts *facts; /* one for each instruction */
	struct load loads[REUSE_SLOTS];
	size_t load_count;
	uint16_t taken; /* bit n: slot n is read */
};

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

static bool read_load(const struct sock_filter *insn, const struct facts *facts, struct load *load)
{
	*load = (struct load){insn->code, insn->k, X_UNKNOWN};
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

/* The slot of a load; REUSE_SLOTS if all are taken by others. */
static size_t slot_of(struct search *search, const struct load *load)
{
	size_t slot;

	for (slot = 0; slot < search->load_count; slot++) {
		const struct load *other = &search->loads[slot];

		if (other->code == load->code && other->k == load->k && other->x == load->x)
			return slot;
	}
	if (slot < REUSE_SLOTS)
		search->loads[search->load_count++] = *load;
	return slot;
}

static struct reuse find(struct search *search, const struct sock_filter *insn, struct facts *facts)
{
	struct reuse reuse = {REUSE_NONE, 0};
	struct load load;
	size_t slot;

	if (!read_load(insn, facts, &load))
		return reuse;
	slot = slot_of(search, &load);
	if (slot == REUSE_SLOTS)
		return reuse;
	reuse.slot = (uint8_t)slot;
	reuse.action = facts->kept & 1u << slot ? REUSE_TAKE : REUSE_KEEP;
	if (reuse.action == REUSE_TAKE)
		search->taken |= (uint16_t)(1u << slot);
	facts->kept |= (uint16_t)(1u << slot);
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

int cbpf_reuse_find(const struct sock_filter *program, size_t count, struct reuse *reuse)
{
	struct search search = {.program = program, .count = count, .facts = calloc(count, sizeof(struct facts))};

	if (!search.facts)
		return -ENOMEM;
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
	for (size_t pc = 0; pc < count; pc++)
		if (reuse[pc].action == REUSE_KEEP && !(search.taken & 1u << reuse[pc].slot))
			reuse[pc].action = REUSE_NONE;
	free(search.facts);
	return 0;
}
