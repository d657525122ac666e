/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ebpf/cbpf_reuse.h"

enum { PROGRAM_MAX = 2 * REUSE_SLOTS + 3 };

#define LD(k)          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, k)
#define LDH(k)         BPF_STMT(BPF_LD | BPF_H | BPF_ABS, k)
#define LDI(k)         BPF_STMT(BPF_LD | BPF_H | BPF_IND, k)
#define MSH(k)         BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, k)
#define JEQ(k, jt, jf) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, jt, jf)
#define JA(k)          BPF_STMT(BPF_JMP | BPF_JA, k)
#define TAX            BPF_STMT(BPF_MISC | BPF_TAX, 0)
#define RET            BPF_STMT(BPF_RET | BPF_K, 0)

/* One character an instruction: '.' nothing, a letter the slot that it keeps its load in, a digit the one it takes it
 * from. */
static const char *found(const struct sock_filter *program, size_t count)
{
	static char text[PROGRAM_MAX + 1];
	struct reuse reuse[PROGRAM_MAX];
	struct reuse_loads loads;

	assert_in_range(count, 1, PROGRAM_MAX);
	assert_int_equal(cbpf_reuse_find(program, count, reuse, &loads), 0);
	cbpf_reuse_limit(reuse, count);
	for (size_t i = 0; i < count; i++)
		text[i] = (char)(reuse[i].action == REUSE_NONE   ? '.'
				 : reuse[i].action == REUSE_KEEP ? 'a' + reuse[i].slot
								 : '0' + reuse[i].slot);
	text[count] = '\0';
	return text;
}

static const struct {
	const char *wanted;
	struct sock_filter program[10];
} cases[] = {
	{"a.0.", {LD(26), JEQ(1, 0, 0), LD(26), RET}},
	{"...", {LD(26), LD(30), RET}},
	{"...", {LD(26), LDH(26), RET}},
	/* Where one way has not come past the load, it is done again */
	{"..b.b1.", {LDH(12), JEQ(1, 0, 1), LD(26), TAX, LD(26), LD(26), RET}},
	/* Both ways have */
	{".a.a0.", {JEQ(1, 0, 2), LD(26), JA(1), LD(26), LD(26), RET}},
	/* X says where LD_IND reads */
	{"ab.01.", {MSH(14), LDI(16), JEQ(1, 0, 0), MSH(14), LDI(16), RET}},
	{"..c.2.", {MSH(14), LDH(12), LDI(16), JEQ(1, 0, 0), LDI(16), RET}},
	{".....", {MSH(14), LDI(16), TAX, LDI(16), RET}},
	{".....", {MSH(14), LDI(16), MSH(18), LDI(16), RET}},
	{"....", {TAX, LDI(16), LDI(16), RET}},
	{"........", {JEQ(1, 0, 2), MSH(14), JA(1), MSH(18), LDI(16), LDI(16), TAX, RET}},
	/* Another random number each time */
	{"...", {LD((uint32_t)SKF_AD_OFF + SKF_AD_RANDOM), LD((uint32_t)SKF_AD_OFF + SKF_AD_RANDOM), RET}},
	/* What is never reached counts for nothing */
	{"....", {JA(1), LD(26), LD(26), RET}},
};

static void kept_and_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (strcmp(found(cases[i].program, strlen(cases[i].wanted)), cases[i].wanted) != 0)
			fail_msg("case %zu: wanted %s, got %s", i, cases[i].wanted,
				 found(cases[i].program, strlen(cases[i].wanted)));
	}
}

static void no_more_than_there_are_slots(void **state)
{
	struct sock_filter program[PROGRAM_MAX] = {[PROGRAM_MAX - 1] = RET};
	const size_t loads = REUSE_SLOTS + 1;

	(void)state;
	for (size_t i = 0; i < loads; i++)
		program[i] = program[loads + i] = (struct sock_filter)LD((uint32_t)i);
	assert_string_equal(found(program, PROGRAM_MAX), "abcdefghijklmnop.0123456789:;<=>?..");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_and_taken),
		cmocka_unit_test(no_more_than_there_are_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
