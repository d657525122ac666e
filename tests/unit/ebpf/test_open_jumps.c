/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ebpf/ebpf_insn.h"
#include "ebpf/open_jumps.h"

#define LOAD(SIZE)                 BPF_LDX_MEM(SIZE, BPF_REG_0, BPF_REG_6, 0)
#define JUMP(OP, CONSTANT, OFFSET) BPF_JMP32_IMM(OP, BPF_REG_0, CONSTANT, OFFSET)
#define REJECT                     BPF_MOV32_IMM(BPF_REG_0, 0), BPF_EXIT_INSN()

/* So often a group of instructions, and then the end. */
static long repeated(const struct bpf_insn *group, size_t length, size_t count)
{
	const struct bpf_insn end[] = {REJECT};
	struct bpf_insn *insns = calloc(count * length + 2, sizeof(*insns));
	long open;

	assert_non_null(insns);
	for (size_t i = 0; i < count * length; i++)
		insns[i] = group[i % length];
	insns[count * length] = end[0];
	insns[count * length + 1] = end[1];
	open = open_jumps(insns, count * length + 2);
	free(insns);
	return open;
}

/* The other way leads on, and each jump is remembered until the end. */
static void jumps_in_a_row(void **state)
{
	const struct bpf_insn group[] = {LOAD(BPF_W), JUMP(BPF_JEQ, 7, 1), BPF_MOV32_IMM(BPF_REG_7, 1)};

	(void)state;
	assert_int_equal(repeated(group, 3, 0), 0);
	assert_int_equal(repeated(group, 3, 1), 1);
	assert_int_equal(repeated(group, 3, OPEN_JUMPS_MAX), OPEN_JUMPS_MAX);
	assert_int_equal(repeated(group, 3, OPEN_JUMPS_MAX + 1), OPEN_JUMPS_MAX + 1);
	assert_int_equal(repeated(group, 3, (size_t)2 * OPEN_JUMPS_MAX), OPEN_JUMPS_MAX + 1);
}

/* The way on ends at once, and the other one is next: a list of hosts is like that. */
static void jumps_that_are_taken_at_once(void **state)
{
	const struct bpf_insn group[] = {LOAD(BPF_W), JUMP(BPF_JNE, 7, 2), REJECT};

	(void)state;
	assert_int_equal(repeated(group, 4, (size_t)3 * OPEN_JUMPS_MAX), 1);
}

/* Of two jumps the second one is on the other way of the first. */
static void jumps_on_the_other_way(void **state)
{
	const struct bpf_insn insns[] = {
		LOAD(BPF_W), JUMP(BPF_JEQ, 7, 2), REJECT, LOAD(BPF_W), JUMP(BPF_JEQ, 8, 4),
		LOAD(BPF_W), JUMP(BPF_JEQ, 9, 2), REJECT, REJECT,
	};

	(void)state;
	assert_int_equal(open_jumps(insns, sizeof(insns) / sizeof(*insns)), 2);
}

/* Jumps that the verifier may decide: then nothing is said of the program. */
static void outcomes_that_may_be_known(void **state)
{
	const struct {
		struct bpf_insn before, jump;
		long open;
	} rows[] = {
		{LOAD(BPF_B), JUMP(BPF_JEQ, 0xff, 0), 1},
		{LOAD(BPF_B), JUMP(BPF_JEQ, 0x100, 0), 0},
		{LOAD(BPF_B), JUMP(BPF_JSET, 0x101, 0), 1},
		{LOAD(BPF_B), JUMP(BPF_JSET, 0x100, 0), 0},
		{LOAD(BPF_H), JUMP(BPF_JGT, 0xfffe, 0), 1},
		{LOAD(BPF_H), JUMP(BPF_JGT, 0xffff, 0), 0},
		{LOAD(BPF_W), JUMP(BPF_JGE, 1, 0), 1},
		{LOAD(BPF_W), JUMP(BPF_JGE, 0, 0), 0},
		{BPF_LD_ABS(BPF_H, 12), JUMP(BPF_JEQ, 0x800, 0), 1},
		{BPF_EMIT_CALL(BPF_FUNC_skb_load_bytes), JUMP(BPF_JNE, 0, 0), 1},
		{BPF_EMIT_CALL(BPF_FUNC_get_smp_processor_id), JUMP(BPF_JEQ, 1, 0), 0},
		{LOAD(BPF_DW), JUMP(BPF_JEQ, 1, 0), 0},
		{BPF_MOV32_IMM(BPF_REG_0, 0), JUMP(BPF_JEQ, 0, 0), 0},
		{LOAD(BPF_W), BPF_JMP32_REG(BPF_JEQ, BPF_REG_0, BPF_REG_7, 0), 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct bpf_insn insns[] = {rows[i].before, rows[i].jump, REJECT};

		if (open_jumps(insns, 4) != rows[i].open)
			fail_msg("row %zu", i);
	}
}

/* What a jump has told of a value may decide the next one. */
static void the_same_value_twice(void **state)
{
	const struct bpf_insn insns[] = {LOAD(BPF_W), JUMP(BPF_JEQ, 7, 0), JUMP(BPF_JEQ, 7, 0), REJECT};

	(void)state;
	assert_int_equal(open_jumps(insns, 5), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jumps_in_a_row),         cmocka_unit_test(jumps_that_are_taken_at_once),
		cmocka_unit_test(jumps_on_the_other_way), cmocka_unit_test(outcomes_that_may_be_known),
		cmocka_unit_test(the_same_value_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
