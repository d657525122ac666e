/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/dump_filter.h"

#include <stdio.h>
#include <stdlib.h>

#include "ebpf/cbpf_to_ebpf.h"
#include "ebpf/ebpf_text.h"
#include "ebpf/kernel_filter.h"
#include "ebpf/kernel_filter_code.h"
#include "ebpf/kernel_symbols.h"
#include "filter/expression.h"

/* Where names are looked up. */
struct names {
	const struct kernel_filter *filter;
	const struct kernel_filter_code *code;
	struct kernel_symbols *symbols;
};

/* A loaded program calls helpers by address; only a tail call keeps its number (bpf_insn_prepare_dump() in the kernel's
 * kernel/bpf/syscall.c). */
static void print_call(const struct names *names, int32_t imm)
{
	const char *name = imm == BPF_FUNC_tail_call ? "bpf_tail_call" : kernel_symbols_called(names->symbols, imm);

	if (name)
		printf("call %s\n", name);
	else
		puts("call of the kernel (CAP_SYSLOG shows its name)");
}

/* jit_subprogs() in the kernel's kernel/bpf/verifier.c moves the distance to `off`; an interpreted program keeps it in
 * `imm`. */
static void print_local_call(const struct names *names, const struct bpf_insn *insn, size_t at)
{
	int distance = insn->off ? insn->off : insn->imm;
	const char *name = kernel_filter_code_function(names->filter, names->code, at + 1 + (size_t)distance);

	printf("call %s\n", name ? name : "?");
}

static void print_map(const struct names *names, const struct bpf_insn *insn)
{
	const char *name = kernel_filter_code_map(names->filter, (uint32_t)insn->imm);

	printf("r%u = %smap %s", insn->dst_reg, insn->src_reg == BPF_PSEUDO_MAP_VALUE ? "value of " : "",
	       name ? name : "?");
	if (insn->src_reg == BPF_PSEUDO_MAP_VALUE && insn[1].imm)
		printf(" + %d", insn[1].imm);
	putchar('\n');
}

/* Print an instruction whose operand has a name; ebpf_text() would show a number. Returns how many slots it takes, 0 if
 * it is no such instruction. */
static size_t print_named(const struct names *names, const struct bpf_insn *insn, size_t at)
{
	if (insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg) {
		print_call(names, insn->imm);
		return 1;
	}
	if (insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL) {
		print_local_call(names, insn, at);
		return 1;
	}
	if (insn->code == (BPF_LD | BPF_IMM | BPF_DW) &&
	    (insn->src_reg == BPF_PSEUDO_MAP_FD || insn->src_reg == BPF_PSEUDO_MAP_VALUE)) {
		print_map(names, insn);
		return 2;
	}
	return 0;
}

static size_t print_plain(const struct bpf_insn *insn)
{
	char text[EBPF_TEXT_SIZE];
	size_t slots = ebpf_text(insn, text, sizeof(text));

	puts(text);
	return slots;
}

static void print_code(const struct names *names)
{
	const struct kernel_filter_code *code = names->code;

	printf("%s:\n", code->name);
	for (size_t at = 0, slots; at < code->count; at += slots) {
		const char *function = at ? kernel_filter_code_function(names->filter, code, at) : NULL;

		if (function)
			printf("  %s():\n", function);
		printf("%6zu: ", at);
		slots = print_named(names, &code->insns[at], at);
		if (!slots)
			slots = print_plain(&code->insns[at]);
	}
}

int dump_filter(const struct kernel_filter *filter)
{
	struct kernel_filter_code codes[KERNEL_FILTER_PROGRAMS_MAX] = {0};
	struct names names = {.filter = filter, .symbols = kernel_symbols_open()};
	int count = kernel_filter_code_read(filter, codes);

	if (count > 0)
		printf("headers: %s\n", kernel_filter_reading(filter));
	for (int i = 0; i < count; i++) {
		names.code = &codes[i];
		print_code(&names);
	}
	kernel_filter_code_release(codes);
	kernel_symbols_close(names.symbols);
	return count < 0 ? count : 0;
}

int dump_expression(const struct expression *expression, const char **reason)
{
	const struct cbpf_options options = {.base = CBPF_LINK, .next_fd = -1};
	const struct sock_filter *program;
	struct bpf_insn *insns;
	size_t count;
	int ret;

	program = expression_program(expression, &count);
	ret = cbpf_to_ebpf(program, count, &options, &insns, &count, reason);
	if (ret)
		return ret;
	puts("expression:");
	for (size_t at = 0; at < count;) {
		printf("%6zu: ", at);
		at += print_plain(&insns[at]);
	}
	free(insns);
	return 0;
}
