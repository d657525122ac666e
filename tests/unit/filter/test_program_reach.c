/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a classic program may accept a frame of which two bytes are known: 0x0800 at offset 12. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter/program_reach.h"

enum { PROGRAM_MAX = 8 };

#define PROGRAM(...) {__VA_ARGS__}, sizeof((struct sock_filter[]){__VA_ARGS__}) / sizeof(struct sock_filter)
#define KNOWN        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12)
#define UNKNOWN      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 12)
#define NUMBER(k)    BPF_STMT(BPF_LD | BPF_IMM, k)
#define ALU(op, k)   BPF_STMT(BPF_ALU | (op), k)
#define IF(op, k)    BPF_JUMP(BPF_JMP | (op), k, 0, 1) /* accept or reject */
#define REJECT       BPF_STMT(BPF_RET | BPF_K, 0)
#define ACCEPT       BPF_STMT(BPF_RET | BPF_K, 262144)
#define RETURN_A     BPF_STMT(BPF_RET | BPF_A, 0)

/* One of two values, depending on what is not known. */
#define EITHER(one, other) UNKNOWN, BPF_JUMP(BPF_JMP | BPF_JEQ, 5, 0, 2), one, BPF_STMT(BPF_JMP | BPF_JA, 1), other

static const struct {
	const char *name;
	struct sock_filter program[PROGRAM_MAX];
	size_t count;
	bool accepts;
} rows[] = {
	{"accept", PROGRAM(ACCEPT), true},
	{"reject", PROGRAM(REJECT), false},
	{"equal", PROGRAM(KNOWN, IF(BPF_JEQ, 0x800), ACCEPT, REJECT), true},
	{"not equal", PROGRAM(KNOWN, IF(BPF_JEQ, 0x801), ACCEPT, REJECT), false},
	{"greater", PROGRAM(KNOWN, IF(BPF_JGT, 0x7ff), ACCEPT, REJECT), true},
	{"not greater", PROGRAM(KNOWN, IF(BPF_JGT, 0x800), ACCEPT, REJECT), false},
	{"equal is greater or equal", PROGRAM(KNOWN, IF(BPF_JGE, 0x800), ACCEPT, REJECT), true},
	{"not greater or equal", PROGRAM(KNOWN, IF(BPF_JGE, 0x801), ACCEPT, REJECT), false},
	{"a bit", PROGRAM(KNOWN, IF(BPF_JSET, 0x900), ACCEPT, REJECT), true},
	{"not a bit", PROGRAM(KNOWN, IF(BPF_JSET, 0x700), ACCEPT, REJECT), false},
	{"another size", PROGRAM(UNKNOWN, IF(BPF_JEQ, 0x801), ACCEPT, REJECT), true},
	{"another offset", PROGRAM(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 14), IF(BPF_JEQ, 0x801), ACCEPT, REJECT), true},
	{"behind X", PROGRAM(BPF_STMT(BPF_LD | BPF_H | BPF_IND, 12), IF(BPF_JEQ, 0x801), ACCEPT, REJECT), true},
	{"a comparison with X", PROGRAM(KNOWN, IF(BPF_JEQ | BPF_X, 0x801), ACCEPT, REJECT), true},
	{"X in A", PROGRAM(KNOWN, BPF_STMT(BPF_MISC | BPF_TXA, 0), IF(BPF_JEQ, 0x801), ACCEPT, REJECT), true},
	{"A in X", PROGRAM(KNOWN, BPF_STMT(BPF_MISC | BPF_TAX, 0), IF(BPF_JEQ, 0x801), ACCEPT, REJECT), false},
	{"and", PROGRAM(NUMBER(7), ALU(BPF_AND, 0x12), IF(BPF_JEQ, 2), ACCEPT, REJECT), true},
	{"or", PROGRAM(NUMBER(7), ALU(BPF_OR, 0x12), IF(BPF_JEQ, 0x17), ACCEPT, REJECT), true},
	{"shift left", PROGRAM(NUMBER(7), ALU(BPF_LSH, 2), IF(BPF_JEQ, 28), ACCEPT, REJECT), true},
	{"shift right", PROGRAM(NUMBER(7), ALU(BPF_RSH, 2), IF(BPF_JEQ, 1), ACCEPT, REJECT), true},
	{"not what it was", PROGRAM(NUMBER(7), ALU(BPF_RSH, 2), IF(BPF_JEQ, 7), ACCEPT, REJECT), false},
	{"other arithmetic", PROGRAM(NUMBER(7), ALU(BPF_MUL, 2), IF(BPF_JEQ, 7), ACCEPT, REJECT), true},
	{"arithmetic with X", PROGRAM(NUMBER(7), ALU(BPF_OR | BPF_X, 0), IF(BPF_JEQ, 8), ACCEPT, REJECT), true},
	{"the first of two values", PROGRAM(EITHER(NUMBER(1), NUMBER(2)), IF(BPF_JEQ, 1), ACCEPT, REJECT), true},
	{"the second of two values", PROGRAM(EITHER(NUMBER(1), NUMBER(2)), IF(BPF_JEQ, 2), ACCEPT, REJECT), true},
	{"one value twice", PROGRAM(EITHER(NUMBER(1), NUMBER(1)), IF(BPF_JEQ, 2), ACCEPT, REJECT), false},
	{"a value, or nobody knows", PROGRAM(EITHER(NUMBER(1), UNKNOWN), IF(BPF_JEQ, 2), ACCEPT, REJECT), true},
	{"nobody knows, or a value", PROGRAM(EITHER(UNKNOWN, NUMBER(1)), IF(BPF_JEQ, 2), ACCEPT, REJECT), true},
	{"return 0", PROGRAM(NUMBER(0), RETURN_A), false},
	{"return 1", PROGRAM(NUMBER(1), RETURN_A), true},
	{"return what is not known", PROGRAM(UNKNOWN, RETURN_A), true},
	{"past what would accept", PROGRAM(BPF_STMT(BPF_JMP | BPF_JA, 1), ACCEPT, REJECT), false},
	{"a loop", PROGRAM(REJECT, BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)-2)), true},
};

static void may_accept(void **state)
{
	static const struct known_field fields[] = {{12, BPF_H, 0x800}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (program_may_accept(rows[i].program, rows[i].count, fields, 1) != rows[i].accepts)
			fail_msg("%s", rows[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(may_accept)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
