/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ebpf/cbpf_to_ebpf.h"
#include "ebpf/ebpf_text.h"

/* Classic instructions in, text of the eBPF instructions out. */

enum { PROGRAM_MAX = 8, TEXT_MAX = 16384 };

struct translation {
	const char *name;
	struct sock_filter program[PROGRAM_MAX];
	size_t count;
	const char *text; /* after the prologue; in refused[]: part of the reason */
};

#define PROGRAM(...) {__VA_ARGS__}, sizeof((struct sock_filter[]){__VA_ARGS__}) / sizeof(struct sock_filter)
#define REJECT       BPF_STMT(BPF_RET | BPF_K, 0)
#define ACCEPT       BPF_STMT(BPF_RET | BPF_K, 262144)

#define PROLOGUE "r6 = r1; w0 = 0; w7 = 0; "
#define REJECTED "w0 = 0; exit; "
#define ACCEPTED "w0 = 1; exit; "

static const struct translation translations[] = {
	{"reject", PROGRAM(REJECT), REJECTED},
	{"accept", PROGRAM(ACCEPT), ACCEPTED},
	{"return A", PROGRAM(BPF_STMT(BPF_RET | BPF_A, 0)), "if w0 != 0x0 goto pc+1; exit; " ACCEPTED},
	{"immediates", PROGRAM(BPF_STMT(BPF_LD | BPF_IMM, 0xffffffff), BPF_STMT(BPF_LDX | BPF_IMM, 7), REJECT),
	 "w0 = -1; w7 = 7; " REJECTED},
	{"a load that is repeated",
	 PROGRAM(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 26), BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
		 BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 26), BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14), REJECT),
	 "r0 = *(u32 *)skb[26]; *(u64 *)(r10 -136) = r0; w8 = w0; r0 = *(u8 *)skb[14]; w0 &= 15; w0 <<= 2; w7 = w0; w0 "
	 "= w8; "
	 "*(u64 *)(r10 -144) = r7; r0 = *(u64 *)(r10 -136); r7 = *(u64 *)(r10 -144); " REJECTED},
	{"absolute loads",
	 PROGRAM(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 26), BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
		 BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23), REJECT),
	 "r0 = *(u32 *)skb[26]; r0 = *(u16 *)skb[12]; r0 = *(u8 *)skb[23]; " REJECTED},
	{"offsets from a header",
	 PROGRAM(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (__u32)SKF_NET_OFF + 9),
		 BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (__u32)SKF_LL_OFF + 12), REJECT),
	 "r0 = *(u8 *)skb[net + 9]; r0 = *(u16 *)skb[link + 12]; " REJECTED},
	{"indirect load", PROGRAM(BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16), REJECT),
	 "r0 = *(u16 *)skb[r7 + 16]; " REJECTED},
	{"header length", PROGRAM(BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14), REJECT),
	 "w8 = w0; r0 = *(u8 *)skb[14]; w0 &= 15; w0 <<= 2; w7 = w0; w0 = w8; " REJECTED},
	{"length", PROGRAM(BPF_STMT(BPF_LD | BPF_LEN, 0), BPF_STMT(BPF_LDX | BPF_LEN, 0), REJECT),
	 "r0 = *(u32 *)(r6 +0); r7 = *(u32 *)(r6 +0); " REJECTED},
	{"stored words are loaded, loaded words begin as zero",
	 PROGRAM(BPF_STMT(BPF_ST, 0), BPF_STMT(BPF_STX, 1), BPF_STMT(BPF_LD | BPF_MEM, 1),
		 BPF_STMT(BPF_LDX | BPF_MEM, 15), REJECT),
	 "*(u64 *)(r10 -16) = 0; *(u64 *)(r10 -128) = 0; *(u64 *)(r10 -8) = r0; *(u64 *)(r10 -16) = r7; "
	 "r0 = *(u64 *)(r10 -16); r7 = *(u64 *)(r10 -128); " REJECTED},
	{"arithmetic with a constant",
	 PROGRAM(BPF_STMT(BPF_ALU | BPF_ADD, 1), BPF_STMT(BPF_ALU | BPF_SUB, 2), BPF_STMT(BPF_ALU | BPF_MUL, 3),
		 BPF_STMT(BPF_ALU | BPF_DIV, 4), BPF_STMT(BPF_ALU | BPF_MOD, 5), BPF_STMT(BPF_ALU | BPF_LSH, 31),
		 BPF_STMT(BPF_ALU | BPF_NEG, 0), REJECT),
	 "w0 += 1; w0 -= 2; w0 *= 3; w0 /= 4; w0 %= 5; w0 <<= 31; w0 = -w0; " REJECTED},
	{"arithmetic with X",
	 PROGRAM(BPF_STMT(BPF_ALU | BPF_AND | BPF_X, 0), BPF_STMT(BPF_ALU | BPF_OR | BPF_X, 0),
		 BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0), BPF_STMT(BPF_ALU | BPF_RSH | BPF_X, 0), REJECT),
	 "w0 &= w7; w0 |= w7; w0 ^= w7; w0 >>= w7; " REJECTED},
	{"division by X", PROGRAM(BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0), REJECT),
	 "if w7 != 0x0 goto pc+2; " REJECTED "w0 /= w7; " REJECTED},
	{"remainder by X", PROGRAM(BPF_STMT(BPF_ALU | BPF_MOD | BPF_X, 0), REJECT),
	 "if w7 != 0x0 goto pc+2; " REJECTED "w0 %= w7; " REJECTED},
	{"registers", PROGRAM(BPF_STMT(BPF_MISC | BPF_TAX, 0), BPF_STMT(BPF_MISC | BPF_TXA, 0), REJECT),
	 "w7 = w0; w0 = w7; " REJECTED},
	{"branch over", PROGRAM(BPF_JUMP(BPF_JMP | BPF_JEQ, 0x800, 0, 1), ACCEPT, REJECT),
	 "if w0 != 0x800 goto pc+2; " ACCEPTED REJECTED},
	{"branch over if not greater", PROGRAM(BPF_JUMP(BPF_JMP | BPF_JGT, 5, 0, 1), ACCEPT, REJECT),
	 "if w0 <= 0x5 goto pc+2; " ACCEPTED REJECTED},
	{"branch over if less", PROGRAM(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 0, 0, 1), ACCEPT, REJECT),
	 "if w0 < w7 goto pc+2; " ACCEPTED REJECTED},
	{"branch to", PROGRAM(BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 1, 0), ACCEPT, REJECT),
	 "if w0 > w7 goto pc+2; " ACCEPTED REJECTED},
	{"branch both ways", PROGRAM(BPF_JUMP(BPF_JMP | BPF_JGE, 5, 1, 2), ACCEPT, ACCEPT, REJECT),
	 "if w0 >= 0x5 goto pc+1; goto pc+2; " ACCEPTED REJECTED},
	{"bit test has no inverse", PROGRAM(BPF_JUMP(BPF_JMP | BPF_JSET, 0x1fff, 0, 1), ACCEPT, REJECT),
	 "if w0 & 0x1fff goto pc+1; goto pc+2; " ACCEPTED REJECTED},
	{"what no path reaches is left out", PROGRAM(BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0), ACCEPT, REJECT),
	 "goto pc+0; " REJECTED},
	{"VLAN tag beside the frame",
	 PROGRAM(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (__u32)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)),
		 BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (__u32)(SKF_AD_OFF + SKF_AD_VLAN_TAG)),
		 BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (__u32)(SKF_AD_OFF + SKF_AD_VLAN_TPID)), REJECT),
	 "r0 = *(u32 *)(r6 +20); r0 = *(u32 *)(r6 +24); r0 = *(u32 *)(r6 +28); r0 = be16 r0; " REJECTED},
	{"processor", PROGRAM(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (__u32)(SKF_AD_OFF + SKF_AD_CPU)), REJECT),
	 "call bpf_get_smp_processor_id#8; " REJECTED},
};

static const struct translation cooked[] = {
	{"fields of the cooked header",
	 PROGRAM(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		 BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 10), REJECT),
	 "r0 = *(u32 *)(r6 +16); r0 = be16 r0; r0 = *(u32 *)(r6 +40); r0 = *(u32 *)(r6 +4); " REJECTED},
	{"bytes of the packet",
	 PROGRAM(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 29), BPF_STMT(BPF_LD | BPF_H | BPF_IND, 22), REJECT),
	 "r0 = *(u8 *)skb[net + 9]; w8 = w7; w8 += 2; if w8 < 0x100000 goto pc+2; " REJECTED
	 "r0 = *(u16 *)skb[r8 + net + 0]; " REJECTED},
};

static const struct translation refused[] = {
	{"loop", PROGRAM(BPF_STMT(BPF_LD | BPF_IMM, 1), BPF_JUMP(BPF_JMP | BPF_JA, (__u32)-2, 0, 0)), "loop"},
	{"no return", PROGRAM(BPF_STMT(BPF_LD | BPF_IMM, 1)), "path past its end"},
	{"jump past the end", PROGRAM(BPF_JUMP(BPF_JMP | BPF_JEQ, 1, 0, 1), REJECT), "path past its end"},
	{"division by zero", PROGRAM(BPF_STMT(BPF_ALU | BPF_DIV, 0), REJECT), "divides by zero"},
	{"modulo zero", PROGRAM(BPF_STMT(BPF_ALU | BPF_MOD, 0), REJECT), "divides by zero"},
	{"wide shift", PROGRAM(BPF_STMT(BPF_ALU | BPF_LSH, 32), REJECT), "more than 31"},
	{"wide right shift", PROGRAM(BPF_STMT(BPF_ALU | BPF_RSH, 32), REJECT), "more than 31"},
	{"store outside", PROGRAM(BPF_STMT(BPF_ST, 16), REJECT), "outside its memory"},
	{"load outside", PROGRAM(BPF_STMT(BPF_LD | BPF_MEM, 16), REJECT), "unknown load"},
	{"return X", PROGRAM(BPF_STMT(BPF_RET | BPF_X, 0)), "returns X"},
	{"netlink attribute", PROGRAM(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (__u32)(SKF_AD_OFF + SKF_AD_NLATTR)), REJECT),
	 "cannot read"},
	{"hardware type", PROGRAM(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (__u32)(SKF_AD_OFF + SKF_AD_HATYPE)), REJECT),
	 "cannot read"},
};

static const struct translation cooked_refused[] = {
	{"byte of the header", PROGRAM(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 8), REJECT), "cooked link-level header"},
	{"field in another size", PROGRAM(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), REJECT), "cooked link-level header"},
};

/* The instructions as "one; two; ". */
static void to_text(const struct bpf_insn *insns, size_t count, char text[TEXT_MAX])
{
	size_t length = 0;

	text[0] = '\0';
	for (size_t pc = 0; pc < count;) {
		char line[EBPF_TEXT_SIZE];

		pc += ebpf_text(&insns[pc], line, sizeof(line));
		length += (size_t)snprintf(text + length, TEXT_MAX - length, "%s; ", line);
		assert_true(length < TEXT_MAX);
	}
}

static void check_text(const struct translation *translation, const struct cbpf_options *options, const char *prologue)
{
	char text[TEXT_MAX], expected[TEXT_MAX];
	struct bpf_insn *insns = NULL;
	const char *reason;
	size_t count;

	assert_int_equal(cbpf_to_ebpf(translation->program, translation->count, options, &insns, &count, &reason), 0);
	to_text(insns, count, text);
	snprintf(expected, sizeof(expected), "%s%s", prologue, translation->text);
	if (strcmp(text, expected) != 0)
		fail_msg("%s:\n%s\nnot\n%s", translation->name, text, expected);
	free(insns);
}

static void check_translation(const struct translation *translation, const struct cbpf_options *options)
{
	check_text(translation, options, PROLOGUE);
}

static void check_refused(const struct translation *translation, enum cbpf_base base)
{
	const struct cbpf_options options = {.base = base, .next_fd = -1};
	struct bpf_insn *insns = NULL;
	const char *reason = NULL;
	size_t count;

	assert_int_equal(cbpf_to_ebpf(translation->program, translation->count, &options, &insns, &count, &reason),
			 -EINVAL);
	assert_null(insns);
	if (!strstr(reason, translation->text))
		fail_msg("%s: \"%s\"", translation->name, reason);
}

static void test_translations(void **state)
{
	const struct cbpf_options link = {.base = CBPF_LINK, .next_fd = -1};
	const struct cbpf_options network = {.base = CBPF_COOKED, .next_fd = -1};

	(void)state;
	for (size_t i = 0; i < sizeof(translations) / sizeof(translations[0]); i++)
		check_translation(&translations[i], &link);
	for (size_t i = 0; i < sizeof(cooked) / sizeof(cooked[0]); i++)
		check_translation(&cooked[i], &network);
}

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		check_refused(&refused[i], CBPF_LINK);
	for (size_t i = 0; i < sizeof(cooked_refused) / sizeof(cooked_refused[0]); i++)
		check_refused(&cooked_refused[i], CBPF_COOKED);
}

/* Where the program sees no link level, its length does not count, for A nor for X. */
static void test_length_without_link_level(void **state)
{
	static const struct sock_filter programs[][2] = {{BPF_STMT(BPF_LD | BPF_LEN, 0), REJECT},
							 {BPF_STMT(BPF_LDX | BPF_LEN, 0), REJECT}};
	static const char *const lengths[] = {"; w0 = 0; w7 = 0; r0 = *(u32 *)(r6 +0); w0 -= w9; " REJECTED,
					      "; w0 = 0; w7 = 0; r7 = *(u32 *)(r6 +0); w7 -= w9; " REJECTED};
	static const enum cbpf_base bases[] = {CBPF_COOKED, CBPF_COOKED_LINEAR};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const struct cbpf_options options = {.base = bases[i / 2], .next_fd = -1};
		const char *reason, *end = lengths[i % 2];
		struct bpf_insn *insns = NULL;
		char text[TEXT_MAX];
		size_t count;

		assert_int_equal(cbpf_to_ebpf(programs[i % 2], 2, &options, &insns, &count, &reason), 0);
		to_text(insns, count, text);
		assert_true(strlen(text) > strlen(end));
		assert_string_equal(text + strlen(text) - strlen(end), end);
		free(insns);
	}
}

static void test_tail_call(void **state)
{
	static const struct translation accept = {"tail call", PROGRAM(ACCEPT),
						  "r1 = r6; r2 = map[fd 5]; w3 = 3; call bpf_tail_call#12; " REJECTED};
	const struct cbpf_options options = {.base = CBPF_LINK, .next_fd = 5, .next_slot = 3};

	(void)state;
	check_translation(&accept, &options);
}

/* How many LD_ABS there are in the translation of a program that loads from `loads` places. */
static size_t absolute_loads(size_t loads)
{
	const struct cbpf_options options = {.base = CBPF_LINK, .next_fd = -1};
	struct sock_filter *program = calloc(loads + 1, sizeof(*program));
	struct bpf_insn *insns = NULL;
	size_t count, left = 0;
	const char *reason;

	for (size_t i = 0; i < loads; i++)
		program[i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (__u32)i);
	program[loads] = (struct sock_filter)REJECT;
	assert_int_equal(cbpf_to_ebpf(program, loads + 1, &options, &insns, &count, &reason), 0);
	for (size_t i = 0; i < count; i++)
		left += insns[i].code == (BPF_LD | BPF_B | BPF_ABS);
	free(insns);
	free(program);
	return left;
}

static void test_many_loads_are_hoisted(void **state)
{
	(void)state;
	assert_int_equal(absolute_loads(200), 200);
	assert_int_equal(absolute_loads(201), 0);
}

/* The most frequent load has the first slot. What has certainly been loaded lies inside the frame. */
static void test_hoisted(void **state)
{
	static const struct translation hoisted = {
		"hoisted",
		PROGRAM(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 26),
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 26), BPF_STMT(BPF_LD | BPF_B | BPF_IND, 1), REJECT),
		"w8 = 0; w2 = 26; r1 = r6; r3 = r10; r3 += -132; w4 = 4; call bpf_skb_load_bytes#26; w0 >>= 31; "
		"w0 <<= 0; w8 |= w0; r0 = *(u32 *)(r10 -132); r0 = be32 r0; *(u32 *)(r10 -132) = r0; "
		"w2 = 23; r1 = r6; r3 = r10; r3 += -140; w4 = 1; call bpf_skb_load_bytes#26; w0 >>= 31; "
		"w0 <<= 1; w8 |= w0; r0 = *(u8 *)(r10 -140); *(u32 *)(r10 -140) = r0; "
		"*(u32 *)(r10 -324) = r8; w0 = 0; w7 = 0; "
		"r1 = *(u32 *)(r10 -324); goto pc+2; " REJECTED "if w1 & 0x2 goto pc-3; r0 = *(u32 *)(r10 -140); "
		"r1 = *(u32 *)(r10 -324); if w1 & 0x1 goto pc-6; r0 = *(u32 *)(r10 -132); r0 = *(u32 *)(r10 -132); "
		"w2 = w7; w2 += 1; r1 = r6; r3 = r10; r3 += -332; w4 = 1; call bpf_skb_load_bytes#26; "
		"if w0 != 0x0 goto pc-16; r0 = *(u8 *)(r10 -332); " REJECTED};
	const struct cbpf_options options = {.base = CBPF_LINK, .next_fd = -1, .always_hoist = true};

	(void)state;
	check_text(&hoisted, &options, "r6 = r1; ");
}

/* A jump over more instructions than 16 bits can count. */
static void test_long_jump(void **state)
{
	enum { OVER = 40000 };
	struct sock_filter *program = calloc(OVER + 4, sizeof(*program));
	const struct cbpf_options options = {.base = CBPF_LINK, .next_fd = -1};
	struct bpf_insn *insns = NULL;
	const char *reason;
	size_t count;

	(void)state;
	program[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ, 7, 0, 1);
	program[1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, OVER, 0, 0);
	for (size_t i = 0; i < OVER; i++)
		program[2 + i] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_ADD, 1);
	program[OVER + 2] = (struct sock_filter)ACCEPT;
	assert_int_equal(cbpf_to_ebpf(program, OVER + 3, &options, &insns, &count, &reason), 0);
	assert_int_equal(count, 3 + 2 + OVER + 2);
	assert_int_equal(insns[3].off, 1);
	assert_int_equal(insns[4].code, BPF_JMP32 | BPF_JA);
	assert_int_equal(insns[4].imm, OVER);
	free(insns);
	free(program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_translations),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_length_without_link_level),
		cmocka_unit_test(test_tail_call),
		cmocka_unit_test(test_many_loads_are_hoisted),
		cmocka_unit_test(test_hoisted),
		cmocka_unit_test(test_long_jump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
