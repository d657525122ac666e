/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmocka.h>

#include "ebpf/ebpf_insn.h"
#include "ebpf/kernel_probe.h"
#include "ebpf/open_jumps.h"
#include "run_filter.h"

/* Translated programs in the kernel: metadata of the packet, exits, and jumps. */

static const uint8_t frame[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5, 0};

/* Whether a metadata field of the packet has a value, by a program that compares the two. */
static bool ancillary_is(enum bpf_prog_type type, uint32_t offset, uint32_t value, struct __sk_buff *context)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_AD_OFF + offset),
		BPF_JUMP(BPF_JMP | BPF_JEQ, value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	int fd = run_load_classic(type, program, sizeof(program) / sizeof(program[0]), CBPF_LINK);
	bool is;

	if (type == BPF_PROG_TYPE_SCHED_CLS)
		is = run_classifier(fd, frame, sizeof(frame));
	else
		is = run_socket_filter(fd, frame, sizeof(frame), context);
	close(fd);
	return is;
}

static void test_ancillary(void **state)
{
	struct __sk_buff context = {.mark = 77};

	(void)state;
	assert_true(ancillary_is(BPF_PROG_TYPE_SOCKET_FILTER, SKF_AD_MARK, 77, &context));
	assert_false(ancillary_is(BPF_PROG_TYPE_SOCKET_FILTER, SKF_AD_MARK, 78, &context));
	assert_true(ancillary_is(BPF_PROG_TYPE_SOCKET_FILTER, SKF_AD_IFINDEX, 1, NULL));
	assert_true(ancillary_is(BPF_PROG_TYPE_SOCKET_FILTER, SKF_AD_VLAN_TAG_PRESENT, 0, NULL));
	assert_true(ancillary_is(BPF_PROG_TYPE_SCHED_CLS, SKF_AD_PROTOCOL, 0x88b5, NULL));
	assert_false(ancillary_is(BPF_PROG_TYPE_SCHED_CLS, SKF_AD_PROTOCOL, 0xb588, NULL));
	assert_false(ancillary_is(BPF_PROG_TYPE_SOCKET_FILTER, SKF_AD_CPU, UINT32_MAX, NULL));
}

/* The length of a cooked packet counts from its network header, wherever that is: in a test run, at the start of the
 * packet for a socket filter and after the Ethernet header for a classifier. */
static void test_cooked_length(void **state)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};

	(void)state;
	for (uint32_t length = ETH_HLEN + 1; length < RUN_FRAME_MAX; length += 1 + length / 4) {
		uint8_t bytes[RUN_FRAME_MAX] = {0};
		int filter, classifier;

		program[1].k = length;
		filter = run_load_classic(BPF_PROG_TYPE_SOCKET_FILTER, program, 4, CBPF_COOKED);
		assert_int_equal(run_socket_filter(filter, bytes, length, NULL), 1);
		assert_int_equal(run_socket_filter(filter, bytes, length + 1, NULL), 0);
		program[1].k = length - ETH_HLEN;
		classifier = run_load_classic(BPF_PROG_TYPE_SCHED_CLS, program, 4, CBPF_COOKED);
		assert_int_equal(run_classifier(classifier, bytes, length), 1);
		assert_int_equal(run_classifier(classifier, bytes, length + 1), 0);
		close(filter);
		close(classifier);
	}
}

/* To accept is to tail call the program in the slot; an empty slot rejects. */
static void test_tail_call(void **state)
{
	enum { SLOT = 2, ANSWER = 1234 };
	const struct bpf_insn answer[] = {BPF_MOV64_IMM(BPF_REG_0, ANSWER), BPF_EXIT_INSN()};
	const struct sock_filter accept = BPF_STMT(BPF_RET | BPF_K, 1);
	int array = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "next", sizeof(int), sizeof(int), SLOT + 1, NULL);
	const struct cbpf_options options = {.next_fd = array, .next_slot = SLOT};
	struct bpf_insn *insns = NULL;
	const int slot = SLOT;
	const char *reason;
	int fd, next;
	size_t count;

	(void)state;
	assert_int_equal(cbpf_to_ebpf(&accept, 1, &options, &insns, &count, &reason), 0);
	fd = run_load(BPF_PROG_TYPE_SOCKET_FILTER, insns, count);
	next = run_load(BPF_PROG_TYPE_SOCKET_FILTER, answer, sizeof(answer) / sizeof(answer[0]));
	assert_int_equal(run_socket_filter(fd, frame, sizeof(frame), NULL), 0);
	assert_int_equal(bpf_map_update_elem(array, &slot, &next, BPF_ANY), 0);
	assert_int_equal(run_socket_filter(fd, frame, sizeof(frame), NULL), ANSWER);
	close(next);
	close(fd);
	close(array);
	free(insns);
}

/* 6.16 is 6016. */
static unsigned int kernel_release(void)
{
	struct utsname name;
	unsigned int major, minor;

	assert_int_equal(uname(&name), 0);
	assert_int_equal(sscanf(name.release, "%u.%u", &major, &minor), 2);
	return major * 1000 + minor;
}

/* A jump over more than 16 bits can count, which the verifier accepts since Linux 6.6. */
static void test_long_jump(void **state)
{
	enum { OVER = 40000 };
	struct sock_filter *program = calloc(OVER + 5, sizeof(*program));
	const struct cbpf_options options = {.base = CBPF_LINK, .next_fd = -1};
	const uint8_t jumps[] = {7, 0}, falls[] = {8, 0};
	struct bpf_insn *insns = NULL;
	const char *reason;
	size_t count;
	int fd;

	(void)state;
	program[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0);
	program[1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ, 7, 0, 1);
	program[2] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, OVER, 0, 0);
	for (size_t i = 0; i < OVER; i++)
		program[3 + i] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_MUL, 0);
	program[OVER + 3] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
	assert_int_equal(cbpf_to_ebpf(program, OVER + 4, &options, &insns, &count, &reason), 0);
	fd = run_load(BPF_PROG_TYPE_SOCKET_FILTER, insns, count);
	assert_true(fd >= 0 || kernel_release() < 6006);
	if (fd >= 0) {
		assert_int_equal(run_socket_filter(fd, jumps, sizeof(jumps), NULL), 1);
		assert_int_equal(run_socket_filter(fd, falls, sizeof(falls), NULL), 0);
		close(fd);
	}
	free(insns);
	free(program);
}

/* SKF_NET_OFF reaches fragments since Linux 6.16, and in some stable releases of older kernels. */
static void test_probe(void **state)
{
	(void)state;
	assert_true(kernel_probe_cooked_base() == CBPF_COOKED || kernel_release() < 6016);
}

/* Whether the kernel takes a program of groups that load a word and compare it: one in `every` ends the program unless
 * it jumps, and the others jump over up to `over` of the next. */
static bool kernel_takes(size_t groups, long every, long over, long *open)
{
	struct bpf_insn *insns = calloc(4 * groups + 2, sizeof(*insns));
	size_t count = 0;
	int fd;

	assert_non_null(insns);
	insns[count++] = BPF_MOV64_REG(BPF_REG_6, BPF_REG_1);
	for (size_t i = 1; i < groups; i++) {
		const bool ends = every && random() % every == 0;
		const size_t left = groups - i, skipped = over ? (size_t)(random() % over) : 0;

		insns[count++] = BPF_LDX_MEM(BPF_W, BPF_REG_0, BPF_REG_6, offsetof(struct __sk_buff, mark));
		insns[count] = BPF_JMP32_IMM(BPF_JEQ, BPF_REG_0, (int)i,
					     ends ? 2 : 2 + 4 * (int)(skipped < left ? skipped : left - 1));
		count++;
		insns[count++] = BPF_MOV32_IMM(BPF_REG_0, 0);
		insns[count++] = ends ? BPF_EXIT_INSN() : BPF_MOV32_IMM(BPF_REG_0, 1);
	}
	insns[count++] = BPF_MOV32_IMM(BPF_REG_0, 0);
	insns[count++] = BPF_EXIT_INSN();
	*open = open_jumps(insns, count);
	fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "jumps", "GPL", insns, count, NULL);
	free(insns);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* What is not given to the kernel is what it would not take. */
static void test_open_jumps(void **state)
{
	int refused = 0;
	long open;

	(void)state;
	assert_true(kernel_takes(OPEN_JUMPS_MAX + 1, 0, 0, &open));
	assert_int_equal(open, OPEN_JUMPS_MAX);
	assert_false(kernel_takes(OPEN_JUMPS_MAX + 2, 0, 0, &open));
	assert_int_equal(open, OPEN_JUMPS_MAX + 1);
	srandom(1);
	for (int i = 0; i < 8; i++) {
		bool taken = kernel_takes(8000 + (size_t)random() % 4000, 2 + random() % 20, 1 + random() % 5, &open);

		refused += !taken;
		if (taken && open > OPEN_JUMPS_MAX)
			fail_msg("program %d: %ld", i, open);
	}
	assert_in_range(refused, 1, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ancillary), cmocka_unit_test(test_tail_call),
		cmocka_unit_test(test_long_jump), cmocka_unit_test(test_cooked_length),
		cmocka_unit_test(test_probe),     cmocka_unit_test(test_open_jumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
