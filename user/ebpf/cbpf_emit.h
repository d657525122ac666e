/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CBPF_EMIT_H
#define BPFSNIFF_CBPF_EMIT_H

#include "ebpf/cbpf_to_ebpf.h"
#include "ebpf/ebpf_insn.h"

/* Between cbpf_to_ebpf.c and cbpf_load.c only. */

/* Registers as in bpf_convert_filter(): LD_ABS and LD_IND want the skb in r6, leave their result in r0 and spoil r1-r5.
 */
enum {
	REG_A = BPF_REG_0,
	REG_SKB = BPF_REG_6,
	REG_X = BPF_REG_7,
	REG_TEMPORARY = BPF_REG_8,
	REG_NETWORK = BPF_REG_9, /* offset of the network header, if needs_network */
};

/* What is translated, and the instructions so far. */
struct emitter {
	const struct sock_filter *program;
	size_t count;
	const struct cbpf_options *options;
	uint32_t *start;      /* classic pc -> eBPF pc; UNREACHABLE: no path leads there */
	bool needs_network;   /* REG_NETWORK is used */
	uint16_t memory_used; /* bit n: M[n] is loaded */
	struct bpf_insn *out; /* NULL in the first pass, which only counts */
	size_t length;
	const char *reason;
};

/* Append one instruction. */
static inline void emit(struct emitter *emitter, struct bpf_insn insn)
{
	if (emitter->out)
		emitter->out[emitter->length] = insn;
	emitter->length++;
}

/* Where M[word] lies on the stack, in eight bytes: from a loader without CAP_PERFMON older verifiers (Linux 6.1) do not
 * take a second store to four of them, lest it spoil a pointer. */
static inline int16_t emit_memory(uint32_t word)
{
	return (int16_t)(-8 * (int32_t)(word + 1));
}

/* Refuse the program with a sentence. -EINVAL. */
int emit_refuse(struct emitter *emitter, const char *reason);

/* Leave the program: not accepted. */
void emit_reject(struct emitter *emitter);

/* The classes LD and LDX. 0 or emit_refuse(). */
int emit_load(struct emitter *emitter, const struct sock_filter *insn);

/* REG_NETWORK = offset of the network header in the frame; spoils every register but REG_SKB. */
void emit_network_offset(struct emitter *emitter);

#endif
