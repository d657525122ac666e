/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CBPF_EMIT_H
#define BPFSNIFF_CBPF_EMIT_H

#include <stdbool.h>

#include "ebpf/cbpf_hoist.h"
#include "ebpf/cbpf_reuse.h"
#include "ebpf/cbpf_to_ebpf.h"
#include "ebpf/ebpf_insn.h"

/* What the cbpf_*.c files share. */

/* Registers as in bpf_convert_filter() (net/core/filter.c): LD_ABS and LD_IND take the skb in r6, return their result
 * in r0 and clobber r1-r5. */
enum {
	REG_A = BPF_REG_0,
	REG_SKB = BPF_REG_6,
	REG_X = BPF_REG_7,
	REG_TEMPORARY = BPF_REG_8,
	REG_NETWORK = BPF_REG_9, /* offset of the network header, if needs_network */
};

enum {
	NET_OFFSETS = -SKF_NET_OFF, /* how many offsets from the network header there are */
};

/* The program being translated, and the eBPF emitted so far. */
struct emitter {
	const struct sock_filter *program;
	size_t count;
	const struct cbpf_options *options;
	uint32_t *start;      /* classic pc -> eBPF pc, or UNREACHABLE */
	struct reuse *reuse;  /* classic pc -> whether its load has been done before */
	bool hoists;          /* loads take their results from hoist */
	size_t reject;        /* the eBPF pc of a return that rejects the packet, if hoists; 0: none yet */
	struct hoist hoist;   /* the loads that the prologue does */
	bool needs_network;   /* REG_NETWORK is used */
	uint16_t memory_used; /* bit n: M[n] is loaded */
	struct bpf_insn *out; /* NULL in the first pass, which only counts */
	size_t length;
	size_t patched;     /* how many LD_ABS and LD_IND there are, which the kernel replaces one by one */
	const char *reason; /* why emit_refuse() was called; NULL if it was not */
};

/* Append one instruction. */
static inline void emit(struct emitter *emitter, struct bpf_insn insn)
{
	if (emitter->out)
		emitter->out[emitter->length] = insn;
	emitter->length++;
	emitter->patched += BPF_CLASS(insn.code) == BPF_LD && BPF_MODE(insn.code) != BPF_IMM;
}

/* The stack offset of M[word]. A word takes eight bytes: for a loader without CAP_PERFMON, older verifiers (Linux 6.1)
 * reject a second four-byte store to a slot, because it could corrupt a spilled pointer. */
static inline int16_t emit_memory(uint32_t word)
{
	return (int16_t)(-8 * (int32_t)(word + 1));
}

/* Refuse the program; `reason` is a static sentence for the user. Returns -EINVAL. */
int emit_refuse(struct emitter *emitter, const char *reason);

/* Emit a return that rejects the packet. */
void emit_reject(struct emitter *emitter);

/* The stack offset of a load that is kept (cbpf_reuse.h), below M[]. */
static inline int16_t emit_slot(uint8_t slot)
{
	return emit_memory(BPF_MEMWORDS + (uint32_t)slot);
}

/* Translate the instruction of class LD or LDX at a classic pc. Returns 0, or emit_refuse(). */
int emit_load(struct emitter *emitter, size_t pc);

/* Emit the loads of the prologue. It clobbers every register but REG_SKB and REG_NETWORK. */
void emit_hoist(struct emitter *emitter);

/* Emit a load from a slot of emit_hoist() into `target`. */
void emit_hoisted_load(struct emitter *emitter, struct reuse reuse, uint8_t target);

/* Emit a load of the bytes at offset r2 of the frame into REG_A by a call of a helper. It clobbers r1 to r5. */
void emit_called_load(struct emitter *emitter, uint8_t size);

/* Emit code that puts the offset of the network header in the frame into REG_NETWORK. It clobbers every register but
 * REG_SKB. */
void emit_network_offset(struct emitter *emitter);

#endif
