/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/in_place.h"

#include <bpf/bpf.h>
#include <linux/btf.h>
#include <unistd.h>

#include "ebpf/ebpf_insn.h"
#include "ebpf/kernel_types.h"
#include "in_place_marks.h"

static bool find_offset(const struct kernel_types *types, uint32_t id, const char *name, int16_t *offset)
{
	int found = kernel_types_member(types, id, name);

	*offset = (int16_t)found;
	return found >= 0 && found <= INT16_MAX;
}

/* Where `tail` is no offset but a pointer, on 32-bit machines, it takes as much room as `head`, and nothing is read in
 * place. struct pt_regs begins with the registers of the processor. */
static bool find(struct in_place *in_place)
{
	enum { CAST_TO_KERN_CTX, RDONLY_CAST, SK_BUFF, WORDS };
	struct kernel_type wanted[KERNEL_TYPES_WANTED] = {
		[CAST_TO_KERN_CTX] = {.kind = BTF_KIND_FUNC, .name = "bpf_cast_to_kern_ctx"},
		[RDONLY_CAST] = {.kind = BTF_KIND_FUNC, .name = "bpf_rdonly_cast"},
		[SK_BUFF] = {.kind = BTF_KIND_STRUCT, .name = "sk_buff"},
		[WORDS] = {.kind = BTF_KIND_STRUCT, .name = "pt_regs"},
	};
	struct kernel_types *types = kernel_types_open(wanted);
	int16_t end = 0;
	bool found = types && wanted[CAST_TO_KERN_CTX].id && wanted[RDONLY_CAST].id && wanted[WORDS].id &&
		     find_offset(types, wanted[SK_BUFF].id, "head", &in_place->head) &&
		     find_offset(types, wanted[SK_BUFF].id, "tail", &in_place->tail) &&
		     find_offset(types, wanted[SK_BUFF].id, "end", &end) &&
		     find_offset(types, wanted[SK_BUFF].id, "network_header", &in_place->network_header);

	kernel_types_close(types);
	in_place->cast_to_kern_ctx = (int32_t)wanted[CAST_TO_KERN_CTX].id;
	in_place->rdonly_cast = (int32_t)wanted[RDONLY_CAST].id;
	in_place->words = (int32_t)wanted[WORDS].id;
	return found && end - in_place->tail == sizeof(uint32_t) && sizeof(void *) == sizeof(uint64_t);
}

/* A program that reads as bpf/in_place.h does. */
static bool try(const struct in_place *in_place, enum bpf_prog_type type)
{
	struct bpf_insn insns[] = {
		BPF_EMIT_CALL(IN_PLACE_CAST_TO_KERN_CTX),
		BPF_LDX_MEM(BPF_H, BPF_REG_1, BPF_REG_0, IN_PLACE_NETWORK_HEADER),
		BPF_LDX_MEM(BPF_W, BPF_REG_2, BPF_REG_0, IN_PLACE_TAIL),
		BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_0, IN_PLACE_HEAD),
		BPF_ALU64_REG(BPF_ADD, BPF_REG_1, BPF_REG_2),
		BPF_MOV32_IMM(BPF_REG_2, IN_PLACE_TYPE),
		BPF_EMIT_CALL(IN_PLACE_RDONLY_CAST),
		BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_0, IN_PLACE_MOST - (int)sizeof(uint64_t)),
		BPF_MOV32_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	int fd;

	in_place_fill(in_place, insns, sizeof(insns) / sizeof(*insns));
	fd = bpf_prog_load(type, "in_place", "Dual BSD/GPL", insns, sizeof(insns) / sizeof(*insns), NULL);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool in_place_find(struct in_place *in_place, enum bpf_prog_type type)
{
	return find(in_place) && try(in_place, type);
}

static void fill_load(const struct in_place *in_place, struct bpf_insn *insn)
{
	switch (insn->off) {
	case IN_PLACE_NETWORK_HEADER:
		insn->off = in_place->network_header;
		break;
	case IN_PLACE_TAIL:
		insn->off = in_place->tail;
		break;
	case IN_PLACE_HEAD:
		insn->off = in_place->head;
		break;
	}
}

static void fill_call(const struct in_place *in_place, struct bpf_insn *insn)
{
	if (insn->imm != IN_PLACE_CAST_TO_KERN_CTX && insn->imm != IN_PLACE_RDONLY_CAST)
		return;
	insn->imm = insn->imm == IN_PLACE_RDONLY_CAST ? in_place->rdonly_cast : in_place->cast_to_kern_ctx;
	insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
}

void in_place_fill(const struct in_place *in_place, struct bpf_insn *insns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct bpf_insn *insn = &insns[i];

		if (BPF_CLASS(insn->code) == BPF_LDX)
			fill_load(in_place, insn);
		else if (insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg)
			fill_call(in_place, insn);
		else if ((BPF_CLASS(insn->code) == BPF_ALU || BPF_CLASS(insn->code) == BPF_ALU64) &&
			 insn->imm == IN_PLACE_TYPE)
			insn->imm = in_place->words;
	}
}
