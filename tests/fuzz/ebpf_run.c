/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf_run.h"

#include <linux/filter.h>
#include <string.h>

#include "ebpf/ebpf_insn.h"
#include "input.h"

enum {
	REGISTERS = 11,
	STACK_WORDS = 64, /* of 8 bytes */
	STACK_SIZE = STACK_WORDS * 8,
};

enum kind { KIND_NOTHING, KIND_NUMBER, KIND_CONTEXT, KIND_STACK, KIND_MAP };

struct value {
	enum kind kind;
	uint64_t number; /* for a pointer into the stack, the offset from r10 */
};

struct machine {
	const struct bpf_insn *program;
	size_t count, pc;
	const struct ebpf_frame *frame;
	struct ebpf_notes *notes;
	struct value registers[REGISTERS];
	struct value stack[STACK_WORDS];
	bool ended;
	uint32_t result;
};

static uint64_t number_in(const struct machine *machine, unsigned int index)
{
	must(index < REGISTERS && machine->registers[index].kind == KIND_NUMBER);
	return machine->registers[index].number;
}

static void put_number(struct machine *machine, unsigned int index, uint64_t number)
{
	must(index < REGISTERS - 1); /* r10 is read only */
	machine->registers[index] = (struct value){KIND_NUMBER, number};
}

static void end(struct machine *machine, uint32_t result)
{
	machine->ended = true;
	machine->result = result;
}

static uint64_t operand(const struct machine *machine, const struct bpf_insn *insn)
{
	if (BPF_SRC(insn->code) == BPF_X)
		return number_in(machine, insn->src_reg);
	return (uint64_t)(int64_t)insn->imm;
}

static uint32_t calculate(struct machine *machine, uint8_t op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		must(b); /* the translation checks it before */
		return a / b;
	case BPF_MOD:
		must(b);
		return a % b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
	case BPF_RSH:
		machine->notes->wide_shift |= b > 31;
		return op == BPF_LSH ? a << (b & 31) : a >> (b & 31);
	case BPF_MOV:
		return b;
	default:
		must(op == BPF_NEG);
		return -a;
	}
}

/* Swap 16 bits to or from network byte order; the host is little-endian. */
static void swap_bytes(struct machine *machine, const struct bpf_insn *insn)
{
	must(insn->imm == 16 && BPF_SRC(insn->code) == BPF_TO_BE);
	put_number(machine, insn->dst_reg, __builtin_bswap16((uint16_t)number_in(machine, insn->dst_reg)));
}

static void run_alu32(struct machine *machine, const struct bpf_insn *insn)
{
	uint8_t op = BPF_OP(insn->code);
	uint64_t a = op == BPF_MOV ? 0 : number_in(machine, insn->dst_reg);
	uint64_t b = op == BPF_NEG ? 0 : operand(machine, insn);

	if (op == BPF_ADD)
		machine->notes->far_offset |=
			insn->dst_reg == BPF_REG_8 && (uint32_t)a + (uint64_t)(uint32_t)b > UINT32_MAX;
	put_number(machine, insn->dst_reg, calculate(machine, op, (uint32_t)a, (uint32_t)b));
}

/* 64-bit instructions only move pointers. */
static void run_alu64(struct machine *machine, const struct bpf_insn *insn)
{
	struct value *to = &machine->registers[insn->dst_reg];

	must(insn->dst_reg < REGISTERS - 1 && insn->src_reg < REGISTERS);
	if (insn->code == (BPF_ALU64 | BPF_MOV | BPF_X)) {
		*to = machine->registers[insn->src_reg];
		must(to->kind != KIND_NOTHING);
		return;
	}
	must(insn->code == (BPF_ALU64 | BPF_ADD | BPF_K) && to->kind == KIND_STACK);
	to->number += (uint64_t)(int64_t)insn->imm;
}

static bool holds(uint8_t op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	default:
		must(op == BPF_JSET);
		return a & b;
	}
}

static void jump(struct machine *machine, int64_t offset)
{
	must(offset >= 0 && machine->pc + (uint64_t)offset < machine->count);
	machine->pc += (uint64_t)offset;
}

static void run_branch(struct machine *machine, const struct bpf_insn *insn)
{
	if (BPF_OP(insn->code) == BPF_JA)
		jump(machine, insn->imm);
	else if (holds(BPF_OP(insn->code), (uint32_t)number_in(machine, insn->dst_reg),
		       (uint32_t)operand(machine, insn)))
		jump(machine, insn->off);
	else
		must(insn->off >= 0 && machine->pc + (uint64_t)insn->off < machine->count);
}

static struct value *stack_word(struct machine *machine, const struct value *base, int64_t offset)
{
	int64_t at = (int64_t)base->number + offset + STACK_SIZE;

	must(base->kind == KIND_STACK && at >= 0 && at < STACK_SIZE && at % 8 == 0);
	return &machine->stack[at / 8];
}

static void run_load(struct machine *machine, const struct bpf_insn *insn)
{
	const struct value *base = &machine->registers[insn->src_reg];
	uint32_t field;

	must(insn->src_reg < REGISTERS);
	if (base->kind == KIND_CONTEXT) {
		must(insn->code == (BPF_LDX | BPF_W | BPF_MEM));
		must(insn->off >= 0 && insn->off % 4 == 0 && (size_t)insn->off < sizeof(struct __sk_buff));
		memcpy(&field, (const char *)&machine->frame->context + insn->off, sizeof(field));
		put_number(machine, insn->dst_reg, field);
		return;
	}
	must(insn->code == (BPF_LDX | BPF_DW | BPF_MEM));
	must(stack_word(machine, base, insn->off)->kind == KIND_NUMBER);
	put_number(machine, insn->dst_reg, stack_word(machine, base, insn->off)->number);
}

static void run_store(struct machine *machine, const struct bpf_insn *insn)
{
	bool constant = BPF_CLASS(insn->code) == BPF_ST;
	uint64_t number = constant ? (uint64_t)(int64_t)insn->imm : number_in(machine, insn->src_reg);

	must(BPF_MODE(insn->code) == BPF_MEM && BPF_SIZE(insn->code) == BPF_DW && insn->dst_reg == BPF_REG_10);
	*stack_word(machine, &machine->registers[BPF_REG_10], insn->off) = (struct value){KIND_NUMBER, number};
}

/* Load a number in network byte order from the frame; past its end, the program ends. */
static void load_packet(struct machine *machine, uint8_t size, int64_t offset)
{
	const struct ebpf_frame *frame = machine->frame;
	int64_t bytes = size == BPF_W ? 4 : size == BPF_H ? 2 : 1;
	uint32_t number = 0;

	must(size != BPF_DW);
	if (offset < SKF_LL_OFF || (offset < 0 && offset >= SKF_AD_OFF)) {
		end(machine, 0);
		return;
	}
	if (offset < 0)
		offset = offset < SKF_NET_OFF ? offset - SKF_LL_OFF : offset - SKF_NET_OFF + frame->network;
	if (offset + bytes > frame->length) {
		end(machine, 0);
		return;
	}
	for (int64_t i = 0; i < bytes; i++)
		number = number << 8 | frame->bytes[offset + i];
	put_number(machine, BPF_REG_0, number);
}

static void forget_arguments(struct machine *machine)
{
	for (int i = BPF_REG_1; i <= BPF_REG_5; i++)
		machine->registers[i].kind = KIND_NOTHING;
}

/* LD_ABS and LD_IND: bpf_gen_ld_abs() in net/core/filter.c. */
static void run_packet_load(struct machine *machine, const struct bpf_insn *insn)
{
	int64_t offset = insn->imm;

	must(machine->registers[BPF_REG_6].kind == KIND_CONTEXT);
	if (BPF_MODE(insn->code) == BPF_IND) {
		uint32_t x = (uint32_t)number_in(machine, insn->src_reg);

		machine->notes->far_offset |= (uint64_t)x + (uint32_t)insn->imm > INT32_MAX && insn->imm != SKF_NET_OFF;
		offset = (int32_t)(x + (uint32_t)insn->imm);
	} else {
		must(BPF_MODE(insn->code) == BPF_ABS);
	}
	forget_arguments(machine);
	load_packet(machine, BPF_SIZE(insn->code), offset);
}

/* bpf_skb_load_bytes_relative() for one byte of a linear frame. */
static uint64_t load_relative(struct machine *machine)
{
	const struct ebpf_frame *frame = machine->frame;
	uint64_t offset = number_in(machine, BPF_REG_2), start = number_in(machine, BPF_REG_5);

	must(machine->registers[BPF_REG_1].kind == KIND_CONTEXT);
	must(number_in(machine, BPF_REG_4) == 1);
	stack_word(machine, &machine->registers[BPF_REG_3], 0)->kind = KIND_NUMBER;
	must(start == BPF_HDR_START_MAC || start == BPF_HDR_START_NET);
	if (start == BPF_HDR_START_NET)
		offset += frame->network;
	return offset < frame->length ? 0 : (uint64_t)-14; /* EFAULT */
}

static void run_call(struct machine *machine, const struct bpf_insn *insn)
{
	uint64_t result = 1;

	switch (insn->imm) {
	case BPF_FUNC_tail_call:
		must(machine->registers[BPF_REG_1].kind == KIND_CONTEXT);
		must(machine->registers[BPF_REG_2].kind == KIND_MAP);
		number_in(machine, BPF_REG_3);
		end(machine, 1);
		return;
	case BPF_FUNC_skb_load_bytes_relative:
		result = load_relative(machine);
		break;
	default:
		must(insn->imm == BPF_FUNC_get_smp_processor_id || insn->imm == BPF_FUNC_get_prandom_u32);
		machine->notes->asked_helpers = true;
		break;
	}
	forget_arguments(machine);
	put_number(machine, BPF_REG_0, result);
}

/* The only 64-bit constant is a map. */
static void run_wide_constant(struct machine *machine, const struct bpf_insn *insn)
{
	must(insn->src_reg == BPF_PSEUDO_MAP_FD && machine->pc < machine->count && insn[1].code == 0);
	machine->registers[insn->dst_reg] = (struct value){.kind = KIND_MAP};
	machine->pc++;
}

static void run_one(struct machine *machine)
{
	const struct bpf_insn *insn = &machine->program[machine->pc++];

	if (insn->code == (BPF_LD | BPF_IMM | BPF_DW))
		run_wide_constant(machine, insn);
	else if (insn->code == (BPF_JMP | BPF_CALL))
		run_call(machine, insn);
	else if (insn->code == (BPF_JMP | BPF_EXIT))
		end(machine, (uint32_t)number_in(machine, BPF_REG_0));
	else if (insn->code == (BPF_JMP | BPF_JA))
		jump(machine, insn->off);
	else if (insn->code == (BPF_ALU | BPF_END | BPF_TO_BE))
		swap_bytes(machine, insn);
	else if (BPF_CLASS(insn->code) == BPF_ALU)
		run_alu32(machine, insn);
	else if (BPF_CLASS(insn->code) == BPF_ALU64)
		run_alu64(machine, insn);
	else if (BPF_CLASS(insn->code) == BPF_JMP32)
		run_branch(machine, insn);
	else if (BPF_CLASS(insn->code) == BPF_LDX)
		run_load(machine, insn);
	else if (BPF_CLASS(insn->code) == BPF_LD)
		run_packet_load(machine, insn);
	else
		run_store(machine, insn);
}

uint32_t ebpf_run(const struct bpf_insn *program, size_t count, const struct ebpf_frame *frame,
		  struct ebpf_notes *notes)
{
	struct machine machine = {.program = program, .count = count, .frame = frame, .notes = notes};

	*notes = (struct ebpf_notes){0};
	machine.registers[BPF_REG_1].kind = KIND_CONTEXT;
	machine.registers[BPF_REG_10].kind = KIND_STACK;
	while (!machine.ended) {
		must(machine.pc < count);
		run_one(&machine);
	}
	return machine.result;
}
