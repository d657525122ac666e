/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/ebpf_text.h"

#include <linux/filter.h>
#include <stdarg.h>
#include <stdio.h>

#include "ebpf/ebpf_insn.h"

/* A line that is built piece by piece, and cut where it does not fit. */
struct line {
	char *text;
	size_t size, length;
};

static const char *const alu_names[16] = {
	[BPF_ADD >> 4] = "+=", [BPF_SUB >> 4] = "-=", [BPF_MUL >> 4] = "*=",  [BPF_DIV >> 4] = "/=",
	[BPF_OR >> 4] = "|=",  [BPF_AND >> 4] = "&=", [BPF_LSH >> 4] = "<<=", [BPF_RSH >> 4] = ">>=",
	[BPF_MOD >> 4] = "%=", [BPF_XOR >> 4] = "^=", [BPF_MOV >> 4] = "=",   [BPF_ARSH >> 4] = "s>>=",
};

static const char *const jump_names[16] = {
	[BPF_JEQ >> 4] = "==", [BPF_JGT >> 4] = ">",   [BPF_JGE >> 4] = ">=",   [BPF_JSET >> 4] = "&",
	[BPF_JNE >> 4] = "!=", [BPF_JSGT >> 4] = "s>", [BPF_JSGE >> 4] = "s>=", [BPF_JLT >> 4] = "<",
	[BPF_JLE >> 4] = "<=", [BPF_JSLT >> 4] = "s<", [BPF_JSLE >> 4] = "s<=",
};

static const char *const size_names[] = {
	[BPF_W >> 3] = "u32", [BPF_H >> 3] = "u16", [BPF_B >> 3] = "u8", [BPF_DW >> 3] = "u64"};

/* Atomic operations with BPF_FETCH. */
static const char *const fetch_names[16] = {[BPF_ADD >> 4] = "fetch_add",
					    [BPF_OR >> 4] = "fetch_or",
					    [BPF_AND >> 4] = "fetch_and",
					    [BPF_XOR >> 4] = "fetch_xor",
					    [(BPF_XCHG & 0xf0) >> 4] = "xchg"};

#define HELPER_NAME(name) [BPF_FUNC_##name] = "bpf_" #name
static const char *const helper_names[] = {__BPF_FUNC_MAPPER(HELPER_NAME)};
#undef HELPER_NAME

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line->text + line->length, line->size - line->length, format, arguments);
	va_end(arguments);
	if (length > 0)
		line->length += (size_t)length;
	if (line->length >= line->size)
		line->length = line->size - 1;
}

static void add_unknown(struct line *line, const struct bpf_insn *insn)
{
	add(line, "(0x%02x) unknown instruction", insn->code);
}

static const char *size_name(const struct bpf_insn *insn)
{
	return size_names[BPF_SIZE(insn->code) >> 3];
}

static void add_memory(struct line *line, const struct bpf_insn *insn, unsigned int base)
{
	add(line, "*(%s *)(r%u %+d)", size_name(insn), base, insn->off);
}

static void add_alu(struct line *line, const struct bpf_insn *insn)
{
	char width = BPF_CLASS(insn->code) == BPF_ALU64 ? 'r' : 'w';
	const char *name = alu_names[BPF_OP(insn->code) >> 4];

	if (BPF_OP(insn->code) == BPF_END)
		add(line, "r%u = %s%d r%u", insn->dst_reg, BPF_SRC(insn->code) == BPF_TO_BE ? "be" : "le", insn->imm,
		    insn->dst_reg);
	else if (BPF_OP(insn->code) == BPF_NEG)
		add(line, "%c%u = -%c%u", width, insn->dst_reg, width, insn->dst_reg);
	else if (!name)
		add_unknown(line, insn);
	else if (BPF_SRC(insn->code) == BPF_X)
		add(line, "%c%u %s %c%u", width, insn->dst_reg, name, width, insn->src_reg);
	else
		add(line, "%c%u %s %d", width, insn->dst_reg, name, insn->imm);
}

static void add_call(struct line *line, const struct bpf_insn *insn)
{
	size_t count = sizeof(helper_names) / sizeof(helper_names[0]);

	if (insn->src_reg == BPF_PSEUDO_CALL)
		add(line, "call pc%+d", insn->imm);
	else if (insn->src_reg == BPF_PSEUDO_KFUNC_CALL)
		add(line, "call kernel function #%d", insn->imm);
	else if ((size_t)insn->imm < count && helper_names[insn->imm])
		add(line, "call %s#%d", helper_names[insn->imm], insn->imm);
	else
		add(line, "call helper#%d", insn->imm);
}

static void add_jump(struct line *line, const struct bpf_insn *insn)
{
	char width = BPF_CLASS(insn->code) == BPF_JMP ? 'r' : 'w';
	const char *name = jump_names[BPF_OP(insn->code) >> 4];

	if (BPF_OP(insn->code) == BPF_JA)
		add(line, "goto pc%+d", BPF_CLASS(insn->code) == BPF_JMP ? insn->off : insn->imm);
	else if (insn->code == (BPF_JMP | BPF_CALL))
		add_call(line, insn);
	else if (insn->code == (BPF_JMP | BPF_EXIT))
		add(line, "exit");
	else if (!name)
		add_unknown(line, insn);
	else if (BPF_SRC(insn->code) == BPF_X)
		add(line, "if %c%u %s %c%u goto pc%+d", width, insn->dst_reg, name, width, insn->src_reg, insn->off);
	else
		add(line, "if %c%u %s 0x%x goto pc%+d", width, insn->dst_reg, name, (unsigned int)insn->imm, insn->off);
}

/* "net + 9" for an offset that bpf_internal_load_pointer_neg_helper() (net/core/filter.c) resolves, else the number. */
static void add_packet_offset(struct line *line, int offset)
{
	if (offset >= 0 || offset < SKF_LL_OFF)
		add(line, "%d", offset);
	else if (offset < SKF_NET_OFF)
		add(line, "link + %d", offset - SKF_LL_OFF);
	else
		add(line, "net + %d", offset - SKF_NET_OFF);
}

static void add_constant(struct line *line, const struct bpf_insn *insn)
{
	if (insn->src_reg == BPF_PSEUDO_MAP_FD)
		add(line, "r%u = map[fd %d]", insn->dst_reg, insn->imm);
	else if (insn->src_reg == BPF_PSEUDO_MAP_VALUE)
		add(line, "r%u = map[fd %d][0] + %d", insn->dst_reg, insn->imm, insn[1].imm);
	else if (insn->src_reg == BPF_PSEUDO_FUNC)
		add(line, "r%u = subprogram pc%+d", insn->dst_reg, insn->imm);
	else
		add(line, "r%u = 0x%llx", insn->dst_reg,
		    (unsigned long long)(__u32)insn[1].imm << 32 | (__u32)insn->imm);
}

static void add_load(struct line *line, const struct bpf_insn *insn)
{
	if (insn->code == (BPF_LD | BPF_IMM | BPF_DW)) {
		add_constant(line, insn);
	} else if (BPF_MODE(insn->code) == BPF_ABS || BPF_MODE(insn->code) == BPF_IND) {
		add(line, "r0 = *(%s *)skb[", size_name(insn));
		if (BPF_MODE(insn->code) == BPF_IND)
			add(line, "r%u + ", insn->src_reg);
		add_packet_offset(line, insn->imm);
		add(line, "]");
	} else {
		add_unknown(line, insn);
	}
}

static void add_load_memory(struct line *line, const struct bpf_insn *insn)
{
	if (BPF_MODE(insn->code) != BPF_MEM) {
		add_unknown(line, insn);
		return;
	}
	add(line, "r%u = ", insn->dst_reg);
	add_memory(line, insn, insn->src_reg);
}

/* BPF_ATOMIC, with the operation in imm. */
static void add_atomic(struct line *line, const struct bpf_insn *insn)
{
	char width = BPF_SIZE(insn->code) == BPF_DW ? 'r' : 'w';
	const char *suffix = BPF_SIZE(insn->code) == BPF_DW ? "64" : "";
	const char *name = fetch_names[BPF_OP(insn->imm) >> 4];

	if (insn->imm == BPF_CMPXCHG)
		add(line, "%c0 = atomic%s_cmpxchg((%s *)(r%u %+d), %c0, %c%u)", width, suffix, size_name(insn),
		    insn->dst_reg, insn->off, width, width, insn->src_reg);
	else if (!name)
		add_unknown(line, insn);
	else if (insn->imm & BPF_FETCH)
		add(line, "%c%u = atomic%s_%s((%s *)(r%u %+d), %c%u)", width, insn->src_reg, suffix, name,
		    size_name(insn), insn->dst_reg, insn->off, width, insn->src_reg);
	else
		add(line, "lock *(%s *)(r%u %+d) %s %c%u", size_name(insn), insn->dst_reg, insn->off,
		    alu_names[BPF_OP(insn->imm) >> 4], width, insn->src_reg);
}

static void add_store(struct line *line, const struct bpf_insn *insn)
{
	if (BPF_CLASS(insn->code) == BPF_STX && BPF_MODE(insn->code) == BPF_ATOMIC) {
		add_atomic(line, insn);
	} else if (insn->code == (BPF_ST | BPF_NOSPEC)) {
		add(line, "nospec");
	} else if (BPF_MODE(insn->code) != BPF_MEM) {
		add_unknown(line, insn);
	} else {
		add_memory(line, insn, insn->dst_reg);
		if (BPF_CLASS(insn->code) == BPF_ST)
			add(line, " = %d", insn->imm);
		else
			add(line, " = r%u", insn->src_reg);
	}
}

size_t ebpf_text(const struct bpf_insn *insn, char *text, size_t size)
{
	static void (*const classes[8])(struct line *, const struct bpf_insn *) = {
		[BPF_LD] = add_load, [BPF_LDX] = add_load_memory, [BPF_ST] = add_store,   [BPF_STX] = add_store,
		[BPF_ALU] = add_alu, [BPF_JMP] = add_jump,        [BPF_JMP32] = add_jump, [BPF_ALU64] = add_alu};
	struct line line;

	line.text = text;
	line.size = size;
	line.length = 0;
	classes[BPF_CLASS(insn->code)](&line, insn);
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1;
}
