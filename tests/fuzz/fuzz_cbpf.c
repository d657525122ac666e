/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/cbpf_to_ebpf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "ebpf/ebpf_text.h"
#include "ebpf_run.h"
#include "filter/expression.h"
#include "input.h"

/*
 * Any classic program: it is refused with a reason, or its translation passes the checks of ebpf_run() and decides like
 * libpcap's interpreter, where the two agree on the meaning. tests/ebpf/test_cbpf_*.c compare with the kernel itself.
 */

enum {
	INSNS_MAX = 64,
	TAIL = 8, /* return instructions after the program, as targets for jumps */
	PROGRAM_MAX = BPF_MEMWORDS + INSNS_MAX + TAIL,
	FRAME_MAX = 128,
	COOKED_HEADER = 20,
	IFINDEX = 7,
	PACKET_TYPE = 4,
	PROTOCOL = 0x0800,
};

struct program {
	struct sock_filter insns[PROGRAM_MAX];
	size_t count;
	bool shaped; /* every path ends in a return, and all memory has a value */
};

/* A load without a size loads a word, ADD without a source adds k. */
static const uint16_t codes[] = {
	BPF_LD | BPF_ABS,
	BPF_LD | BPF_H | BPF_ABS,
	BPF_LD | BPF_B | BPF_ABS,
	BPF_LD | BPF_IND,
	BPF_LD | BPF_H | BPF_IND,
	BPF_LD | BPF_B | BPF_IND,
	BPF_LD | BPF_IMM,
	BPF_LDX | BPF_IMM,
	BPF_LD | BPF_LEN,
	BPF_LDX | BPF_LEN,
	BPF_LDX | BPF_B | BPF_MSH,
	BPF_LD | BPF_MEM,
	BPF_LDX | BPF_MEM,
	BPF_ST,
	BPF_STX,
	BPF_ALU | BPF_ADD,
	BPF_ALU | BPF_SUB | BPF_K,
	BPF_ALU | BPF_MUL | BPF_K,
	BPF_ALU | BPF_DIV | BPF_K,
	BPF_ALU | BPF_MOD | BPF_K,
	BPF_ALU | BPF_AND | BPF_K,
	BPF_ALU | BPF_OR | BPF_K,
	BPF_ALU | BPF_XOR | BPF_K,
	BPF_ALU | BPF_LSH | BPF_K,
	BPF_ALU | BPF_RSH | BPF_K,
	BPF_ALU | BPF_ADD | BPF_X,
	BPF_ALU | BPF_SUB | BPF_X,
	BPF_ALU | BPF_MUL | BPF_X,
	BPF_ALU | BPF_DIV | BPF_X,
	BPF_ALU | BPF_MOD | BPF_X,
	BPF_ALU | BPF_AND | BPF_X,
	BPF_ALU | BPF_OR | BPF_X,
	BPF_ALU | BPF_XOR | BPF_X,
	BPF_ALU | BPF_LSH | BPF_X,
	BPF_ALU | BPF_RSH | BPF_X,
	BPF_ALU | BPF_NEG,
	BPF_JMP | BPF_JA,
	BPF_JMP | BPF_JEQ | BPF_K,
	BPF_JMP | BPF_JGT | BPF_K,
	BPF_JMP | BPF_JGE | BPF_K,
	BPF_JMP | BPF_JSET | BPF_K,
	BPF_JMP | BPF_JEQ | BPF_X,
	BPF_JMP | BPF_JGT | BPF_X,
	BPF_JMP | BPF_JGE | BPF_X,
	BPF_JMP | BPF_JSET | BPF_X,
	BPF_RET | BPF_K,
	BPF_RET | BPF_A,
	BPF_MISC | BPF_TAX,
	BPF_MISC | BPF_TXA,
};

static bool is_memory(uint16_t code)
{
	return BPF_CLASS(code) == BPF_ST || BPF_CLASS(code) == BPF_STX ||
	       ((BPF_CLASS(code) == BPF_LD || BPF_CLASS(code) == BPF_LDX) && BPF_MODE(code) == BPF_MEM);
}

/* An instruction takes one byte each for the code, jt and jf, and one or five for the constant. */
static struct sock_filter take_insn(struct input *input)
{
	struct sock_filter insn = {.code = codes[take(input, 1) % COUNT(codes)]};

	if (BPF_CLASS(insn.code) == BPF_JMP && BPF_OP(insn.code) != BPF_JA) {
		insn.jt = (uint8_t)(take(input, 1) % TAIL);
		insn.jf = (uint8_t)(take(input, 1) % TAIL);
	}
	insn.k = (uint32_t)take(input, 1);
	if (insn.k >= 0xf8)
		insn.k = (uint32_t)take(input, 4);
	if (is_memory(insn.code))
		insn.k %= BPF_MEMWORDS;
	else if (insn.code == (BPF_JMP | BPF_JA))
		insn.k %= TAIL;
	return insn;
}

static void take_shaped(struct input *input, struct program *program)
{
	for (uint32_t word = 0; word < BPF_MEMWORDS; word++)
		program->insns[program->count++] = (struct sock_filter)BPF_STMT(BPF_ST, word);
	while (input->left > 0 && program->count < BPF_MEMWORDS + INSNS_MAX)
		program->insns[program->count++] = take_insn(input);
	for (uint32_t i = 0; i < TAIL; i++)
		program->insns[program->count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, i);
}

static void take_raw(struct input *input, struct program *program)
{
	const uint8_t *bytes;
	size_t length = take_bytes(input, sizeof(program->insns), &bytes);

	program->count = length / sizeof(struct sock_filter);
	memcpy(program->insns, bytes, program->count * sizeof(struct sock_filter));
}

/* Whether a program has negative offsets (SKF_*_OFF), which mean nothing to libpcap's interpreter. */
static bool is_for_kernels(const struct program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct sock_filter *insn = &program->insns[i];
		bool load = BPF_CLASS(insn->code) == BPF_LD || BPF_CLASS(insn->code) == BPF_LDX;
		bool offset = BPF_MODE(insn->code) == BPF_ABS || BPF_MODE(insn->code) == BPF_MSH;

		if (load && offset && insn->k > INT32_MAX)
			return true;
	}
	return false;
}

/* The same for cooked programs, where the translation also takes `len` without the header, and cannot load at an X + k
 * inside the header. */
static bool is_for_cooked_kernels(const struct program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct sock_filter *insn = &program->insns[i];
		bool load = BPF_CLASS(insn->code) == BPF_LD || BPF_CLASS(insn->code) == BPF_LDX;

		if (load && BPF_MODE(insn->code) == BPF_LEN)
			return true;
		if (load && BPF_MODE(insn->code) == BPF_IND && (insn->k < COOKED_HEADER || insn->k > INT32_MAX))
			return true;
	}
	return is_for_kernels(program);
}

/* Build the frame as captured on the device "any": libpcap's struct sll2_header before the network header. */
static size_t cook(const struct ebpf_frame *frame, uint8_t cooked[COOKED_HEADER + FRAME_MAX])
{
	size_t length = frame->length - frame->network;

	memset(cooked, 0, COOKED_HEADER);
	cooked[0] = PROTOCOL >> 8;
	cooked[7] = IFINDEX;
	cooked[10] = PACKET_TYPE;
	memcpy(cooked + COOKED_HEADER, frame->bytes + frame->network, length);
	return COOKED_HEADER + length;
}

static struct sock_filter *copy_of(const struct program *program)
{
	size_t size = program->count * sizeof(struct sock_filter);
	struct sock_filter *copy = malloc(size + 1);

	must(copy);
	memcpy(copy, program->insns, size);
	return copy;
}

/* Programs that libpcap does not accept are left out: it does not know X = len, and checks unreachable code too. */
static void compare(const struct program *program, const struct ebpf_frame *frame, enum cbpf_base base, bool accepted)
{
	struct sock_filter *copy = copy_of(program);
	uint8_t cooked[COOKED_HEADER + FRAME_MAX];
	struct frame shown = {.bytes = frame->bytes, .captured = frame->length};
	struct expression *expression;

	if (expression_adopt(copy, program->count, &expression)) {
		free(copy);
		return;
	}
	if (base != CBPF_LINK) {
		shown.captured = (uint32_t)cook(frame, cooked);
		shown.bytes = cooked;
	}
	shown.length = shown.captured;
	must(expression_match(expression, &shown) == accepted);
	expression_close(expression);
}

static void show(const struct bpf_insn *insns, size_t count)
{
	char text[EBPF_TEXT_SIZE];

	for (size_t at = 0; at < count;) {
		memset(text, 0x7f, sizeof(text));
		at += ebpf_text(&insns[at], text, sizeof(text));
		must(memchr(text, '\0', sizeof(text)));
	}
}

static void translate(const struct program *program, const struct ebpf_frame *frame, const struct cbpf_options *options,
		      bool shown)
{
	struct bpf_insn *insns = NULL;
	const char *reason = NULL;
	struct ebpf_notes notes;
	bool accepted, comparable;
	size_t count;
	int ret = cbpf_to_ebpf(program->insns, program->count, options, &insns, &count, &reason);

	must(ret == 0 || ret == -EINVAL);
	must(ret == 0 ? insns && count : !insns && reason && *reason);
	if (ret)
		return;
	if (shown)
		show(insns, count);
	accepted = ebpf_run(insns, count, frame, &notes) != 0;
	free(insns);
	comparable = program->shaped && !notes.wide_shift && !notes.far_offset && !notes.asked_helpers &&
		     !(options->base == CBPF_LINK ? is_for_kernels(program) : is_for_cooked_kernels(program));
	if (comparable)
		compare(program, frame, options->base, accepted);
}

/* expression_adopt() must reject every program that does not run. */
static void adopt(const struct program *program, const struct ebpf_frame *frame)
{
	struct frame shown = {.bytes = frame->bytes, .captured = frame->length, .length = frame->length};
	struct sock_filter *copy = copy_of(program);
	struct expression *expression;

	if (expression_adopt(copy, program->count, &expression)) {
		free(copy);
		return;
	}
	expression_match(expression, &shown);
	expression_close(expression);
}

/* The input: a byte of options, one for the length of the frame, the frame, and the program. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = {bytes, size};
	uint8_t bits = (uint8_t)take(&input, 1), wanted = (uint8_t)take(&input, 1);
	struct ebpf_frame frame = {
		.context = {.pkt_type = PACKET_TYPE, .protocol = htons(PROTOCOL), .ifindex = IFINDEX},
	};
	struct cbpf_options options = {.base = bits % 3, .next_fd = bits & 0x40 ? 5 : -1, .next_slot = 1};
	struct program program = {.shaped = !(bits & 0x80)};

	frame.length = (uint32_t)take_bytes(&input, wanted % FRAME_MAX + 1u, &frame.bytes);
	frame.context.len = frame.length;
	frame.network = frame.length < 14 ? 0 : 14;
	if (program.shaped) {
		take_shaped(&input, &program);
	} else {
		take_raw(&input, &program);
		adopt(&program, &frame);
	}
	translate(&program, &frame, &options, (bits & 0x38) == 0x38);
	return 0;
}
