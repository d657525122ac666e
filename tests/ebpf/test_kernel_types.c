/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <bpf/btf.h>
#include <stdlib.h>
#include <string.h>

#include "ebpf/ebpf_insn.h"
#include "ebpf/in_place.h"
#include "ebpf/kernel_types.h"
#include "in_place_marks.h"

/* The types of the running kernel, as libbpf finds them, and what is written into a program. */

static struct kernel_type wanted[KERNEL_TYPES_WANTED] = {
	{.kind = BTF_KIND_STRUCT, .name = "sk_buff"},
	{.kind = BTF_KIND_STRUCT, .name = "pt_regs"},
	{.kind = BTF_KIND_FUNC, .name = "sk_filter_trim_cap"},
	{.kind = BTF_KIND_FUNC, .name = "sk_buff"}, /* of another kind */
};

static void the_same_numbers(void **state)
{
	struct kernel_types *types = kernel_types_open(wanted);
	struct btf *btf = btf__load_vmlinux_btf();

	(void)state;
	assert_non_null(types);
	assert_non_null(btf);
	for (int i = 0; i < 3; i++)
		assert_int_equal(wanted[i].id, btf__find_by_name_kind(btf, wanted[i].name, wanted[i].kind));
	assert_int_equal(wanted[3].id, 0);
	btf__free(btf);
	kernel_types_close(types);
}

static void members(void **state)
{
	struct kernel_types *types = kernel_types_open(wanted);
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *sk_buff;
	int found = 0, network;

	(void)state;
	assert_non_null(types);
	assert_non_null(btf);
	sk_buff = btf__type_by_id(btf, wanted[0].id);
	for (unsigned int i = 0; i < btf_vlen(sk_buff); i++) {
		const char *name = btf__name_by_offset(btf, btf_members(sk_buff)[i].name_off);

		if (strcmp(name, "head") != 0 && strcmp(name, "tail") != 0)
			continue;
		assert_int_equal(kernel_types_member(types, wanted[0].id, name) * 8, btf_member_bit_offset(sk_buff, i));
		found++;
	}
	assert_int_equal(found, 2);
	/* Within a structure without a name, between two others of 16 bits. */
	network = kernel_types_member(types, wanted[0].id, "network_header");
	assert_int_equal(network, kernel_types_member(types, wanted[0].id, "transport_header") + 2);
	assert_int_equal(network, kernel_types_member(types, wanted[0].id, "mac_header") - 2);
	assert_int_equal(kernel_types_member(types, wanted[0].id, "no_such_member"), -1);
	assert_int_equal(kernel_types_member(types, wanted[2].id, "head"), -1); /* of a function */
	assert_int_equal(kernel_types_member(types, UINT32_MAX, "head"), -1);
	btf__free(btf);
	kernel_types_close(types);
}

/* Marks in other instructions than those that have them stay. */
static void marks(void **state)
{
	const struct in_place in_place = {
		.head = 200, .tail = 184, .network_header = 180, .cast_to_kern_ctx = 1, .rdonly_cast = 2, .words = 3};
	struct bpf_insn insns[] = {
		BPF_EMIT_CALL(IN_PLACE_CAST_TO_KERN_CTX),
		BPF_LDX_MEM(BPF_H, BPF_REG_1, BPF_REG_0, IN_PLACE_NETWORK_HEADER),
		BPF_LDX_MEM(BPF_W, BPF_REG_2, BPF_REG_0, IN_PLACE_TAIL),
		BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_0, IN_PLACE_HEAD),
		BPF_MOV64_IMM(BPF_REG_2, IN_PLACE_TYPE),
		BPF_EMIT_CALL(IN_PLACE_RDONLY_CAST),
		BPF_EMIT_CALL(BPF_FUNC_tail_call),
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, IN_PLACE_HEAD),
	};
	const struct bpf_insn filled[] = {
		EBPF_INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, 1),
		BPF_LDX_MEM(BPF_H, BPF_REG_1, BPF_REG_0, 180),
		BPF_LDX_MEM(BPF_W, BPF_REG_2, BPF_REG_0, 184),
		BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_0, 200),
		BPF_MOV64_IMM(BPF_REG_2, 3),
		EBPF_INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, 2),
		BPF_EMIT_CALL(BPF_FUNC_tail_call),
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, IN_PLACE_HEAD),
	};

	(void)state;
	in_place_fill(&in_place, insns, sizeof(insns) / sizeof(*insns));
	assert_memory_equal(insns, filled, sizeof(filled));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_numbers),
		cmocka_unit_test(members),
		cmocka_unit_test(marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
