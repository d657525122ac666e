/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ebpf/ebpf_insn.h"
#include "ebpf/ebpf_text.h"

static const struct {
	struct bpf_insn insn[2];
	size_t slots;
	const char *text;
} table[] = {
	{{BPF_MOV64_REG(1, 6)}, 1, "r1 = r6"},
	{{BPF_ALU64_IMM(BPF_ADD, 10, -8)}, 1, "r10 += -8"},
	{{BPF_ALU64_REG(BPF_ARSH, 3, 4)}, 1, "r3 s>>= r4"},
	{{BPF_ALU64_IMM(BPF_NEG, 2, 0)}, 1, "r2 = -r2"},
	{{BPF_ALU32_IMM(BPF_XOR, 2, 1)}, 1, "w2 ^= 1"},
	{{BPF_ENDIAN(BPF_TO_BE, 5, 32)}, 1, "r5 = be32 r5"},
	{{BPF_ENDIAN(BPF_TO_LE, 5, 64)}, 1, "r5 = le64 r5"},
	{{BPF_LDX_MEM(BPF_DW, 1, 10, -16)}, 1, "r1 = *(u64 *)(r10 -16)"},
	{{BPF_STX_MEM(BPF_B, 10, 7, -1)}, 1, "*(u8 *)(r10 -1) = r7"},
	{{BPF_ST_MEM(BPF_H, 10, -2, 5)}, 1, "*(u16 *)(r10 -2) = 5"},
	{{EBPF_INSN(BPF_STX | BPF_ATOMIC | BPF_DW, 1, 2, 8, BPF_ADD)}, 1, "lock *(u64 *)(r1 +8) += r2"},
	{{EBPF_INSN(BPF_STX | BPF_ATOMIC | BPF_DW, 1, 2, 8, BPF_ADD | BPF_FETCH)},
	 1,
	 "r2 = atomic64_fetch_add((u64 *)(r1 +8), r2)"},
	{{EBPF_INSN(BPF_STX | BPF_ATOMIC | BPF_W, 1, 2, 0, BPF_XCHG)}, 1, "w2 = atomic_xchg((u32 *)(r1 +0), w2)"},
	{{EBPF_INSN(BPF_STX | BPF_ATOMIC | BPF_DW, 1, 2, 0, BPF_CMPXCHG)},
	 1,
	 "r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)"},
	{{EBPF_INSN(BPF_LD | BPF_IMM | BPF_DW, 2, 0, 0, -1), EBPF_INSN(0, 0, 0, 0, 1)}, 2, "r2 = 0x1ffffffff"},
	{{EBPF_INSN(BPF_LD | BPF_IMM | BPF_DW, 2, BPF_PSEUDO_MAP_FD, 0, 7)}, 2, "r2 = map[fd 7]"},
	{{EBPF_INSN(BPF_LD | BPF_IMM | BPF_DW, 2, BPF_PSEUDO_MAP_VALUE, 0, 7), EBPF_INSN(0, 0, 0, 0, 16)},
	 2,
	 "r2 = map[fd 7][0] + 16"},
	{{BPF_LD_ABS(BPF_H, 12)}, 1, "r0 = *(u16 *)skb[12]"},
	{{BPF_LD_IND(BPF_B, 7, -0x100000 + 20)}, 1, "r0 = *(u8 *)skb[r7 + net + 20]"},
	{{BPF_JMP_A(-3)}, 1, "goto pc-3"},
	{{BPF_JMP32_A(70000)}, 1, "goto pc+70000"},
	{{EBPF_INSN(BPF_JMP | BPF_JSGT | BPF_K, 1, 0, 4, -1)}, 1, "if r1 s> 0xffffffff goto pc+4"},
	{{BPF_JMP32_REG(BPF_JLE, 1, 2, -4)}, 1, "if w1 <= w2 goto pc-4"},
	{{BPF_EMIT_CALL(BPF_FUNC_map_lookup_elem)}, 1, "call bpf_map_lookup_elem#1"},
	{{BPF_EMIT_CALL(100000)}, 1, "call helper#100000"},
	{{EBPF_INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 9)}, 1, "call pc+9"},
	{{BPF_EXIT_INSN()}, 1, "exit"},
	{{BPF_ST_NOSPEC()}, 1, "nospec"},
	{{EBPF_INSN(0xff, 0, 0, 0, 0)}, 1, "(0xff) unknown instruction"},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char line[EBPF_TEXT_SIZE];

		assert_int_equal(ebpf_text(table[i].insn, line, sizeof(line)), table[i].slots);
		assert_string_equal(line, table[i].text);
	}
}

/* A line that does not fit is cut. */
static void test_cut(void **state)
{
	const struct bpf_insn insn = BPF_EMIT_CALL(BPF_FUNC_map_lookup_elem);
	char line[9] = "........";

	(void)state;
	ebpf_text(&insn, line, 8);
	assert_string_equal(line, "call bp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
