/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmocka.h>

#include "ebpf_insn.h"
#include "kernel_probe.h"
#include "run_filter.h"

/*
 * Random classic programs: what the translation says is what the kernel says when it is given the classic program
 * itself. The judge is a Unix datagram socket, which has filters like any other; a datagram that is rejected does not
 * arrive.
 */

enum { PROGRAMS = 10000, INSNS_MAX = 40, DATAGRAMS = 8, DATAGRAM = 64, SEED = 20261123 };

static uint64_t random_state = SEED;

/* Steele, Lea, Flood: SplitMix64 */
static uint32_t draw(uint32_t below)
{
	uint64_t value = random_state += 0x9e3779b97f4a7c15;

	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
	value = (value ^ value >> 27) * 0x94d049bb133111eb;
	return (uint32_t)((value ^ value >> 31) >> 32) % below;
}

static uint32_t draw_constant(void)
{
	static const uint32_t corners[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0xff, 0xffff};

	return draw(2) ? draw(DATAGRAM) : corners[draw(sizeof(corners) / sizeof(corners[0]))];
}

/* Mostly inside the datagram, sometimes past its end, sometimes from a header. */
static uint32_t draw_offset(void)
{
	static const int32_t bases[] = {SKF_NET_OFF, SKF_LL_OFF, INT32_MIN, INT32_MAX - 8};

	return draw(12) ? draw(DATAGRAM + 4) : (uint32_t)bases[draw(4)] + draw(8);
}

static uint32_t draw_ancillary(void)
{
	static const uint32_t offsets[] = {SKF_AD_PROTOCOL, SKF_AD_PKTTYPE,  SKF_AD_MARK,
					   SKF_AD_QUEUE,    SKF_AD_VLAN_TAG, SKF_AD_VLAN_TAG_PRESENT};

	return (uint32_t)SKF_AD_OFF + offsets[draw(sizeof(offsets) / sizeof(offsets[0]))];
}

static struct sock_filter draw_load(void)
{
	static const uint16_t sizes[] = {BPF_W, BPF_H, BPF_B};
	uint16_t size = sizes[draw(3)];

	switch (draw(9)) {
	case 0:
	case 1:
	case 2:
		return (struct sock_filter)BPF_STMT(BPF_LD | BPF_ABS | size, draw_offset());
	case 3:
	case 4:
		return (struct sock_filter)BPF_STMT(BPF_LD | BPF_IND | size, draw(16) ? draw(8) : draw_constant());
	case 5:
		return (struct sock_filter)BPF_STMT(BPF_LDX | BPF_MSH | BPF_B, draw(DATAGRAM));
	case 6:
		return (struct sock_filter)BPF_STMT((draw(2) ? BPF_LD : BPF_LDX) | BPF_IMM, draw_constant());
	case 7:
		return (struct sock_filter)BPF_STMT((draw(2) ? BPF_LD : BPF_LDX) | BPF_LEN, 0);
	default:
		return (struct sock_filter)BPF_STMT(BPF_LD | BPF_ABS | BPF_W, draw_ancillary());
	}
}

static struct sock_filter draw_arithmetic(void)
{
	static const uint16_t operations[] = {BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_MOD, BPF_AND,
					      BPF_OR,  BPF_XOR, BPF_LSH, BPF_RSH, BPF_NEG};
	uint16_t operation = operations[draw(sizeof(operations) / sizeof(operations[0]))];

	if (operation == BPF_NEG)
		return (struct sock_filter)BPF_STMT(BPF_ALU | BPF_NEG, 0);
	if (draw(2))
		return (struct sock_filter)BPF_STMT(BPF_ALU | BPF_X | operation, 0);
	return (struct sock_filter)BPF_STMT(BPF_ALU | BPF_K | operation, 1 + draw(31));
}

static struct sock_filter draw_jump(uint32_t distance)
{
	static const uint16_t operations[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
	uint16_t code = BPF_JMP | operations[draw(4)] | (draw(2) ? BPF_K : BPF_X);

	if (draw(6) == 0)
		return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, draw(distance), 0, 0);
	return (struct sock_filter)BPF_JUMP(code, draw_constant(), (uint8_t)draw(distance), (uint8_t)draw(distance));
}

/* Words 0 to 3 of the memory are stored first, since bpf_check_classic() refuses to load others. */
static size_t draw_program(struct sock_filter program[INSNS_MAX])
{
	size_t count = 8 + draw(INSNS_MAX - 8), pc = 0;

	for (; pc < 4; pc++)
		program[pc] = (struct sock_filter)BPF_STMT(BPF_ST, (uint32_t)pc);
	for (; pc < count - 1; pc++) {
		switch (draw(8)) {
		case 0:
		case 1:
		case 2:
			program[pc] = draw_load();
			break;
		case 3:
		case 4:
			program[pc] = draw_arithmetic();
			break;
		case 5:
			program[pc] = draw_jump((uint32_t)(count - 1 - pc));
			break;
		case 6:
			program[pc] = (struct sock_filter)BPF_STMT(BPF_MISC | (draw(2) ? BPF_TAX : BPF_TXA), 0);
			break;
		default:
			program[pc] = (struct sock_filter)BPF_STMT(draw(2) ? BPF_ST : BPF_LD | BPF_MEM, draw(4));
			break;
		}
	}
	program[pc++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
	return pc;
}

/* Send a datagram through a pair of sockets; whether it arrives. */
static bool arrives(const int pair[2], const uint8_t *bytes, size_t length)
{
	uint8_t copy[DATAGRAM];

	assert_int_equal(send(pair[0], bytes, length, 0), length);
	return recv(pair[1], copy, sizeof(copy), 0) >= 0;
}

/* One program on some datagrams: classic on one pair, translated on the other. Returns how many arrived. */
static size_t compare(unsigned int number, const int classic[2], const int translated[2])
{
	struct sock_filter program[INSNS_MAX];
	struct sock_fprog filter = {.len = (unsigned short)draw_program(program), .filter = program};
	int fd = run_load_classic(BPF_PROG_TYPE_SOCKET_FILTER, program, filter.len, XLATE_LINK);
	size_t arrived = 0;

	assert_int_equal(setsockopt(classic[1], SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)), 0);
	assert_int_equal(setsockopt(translated[1], SOL_SOCKET, SO_ATTACH_BPF, &fd, sizeof(fd)), 0);
	close(fd);
	for (int i = 0; i < DATAGRAMS; i++) {
		size_t length = 1 + draw(DATAGRAM);
		uint8_t bytes[DATAGRAM];
		bool expected;

		for (size_t at = 0; at < length; at++)
			bytes[at] = (uint8_t)draw(draw(2) ? 256 : 4);
		expected = arrives(classic, bytes, length);
		if (arrives(translated, bytes, length) != expected)
			fail_msg("program %u, datagram %d: not %d", number, i, expected);
		arrived += expected;
	}
	return arrived;
}

static void test_random(void **state)
{
	size_t arrived = 0;
	int classic[2], translated[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, classic), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, translated), 0);
	for (unsigned int number = 0; number < PROGRAMS; number++)
		arrived += compare(number, classic, translated);
	assert_in_range(arrived, PROGRAMS * DATAGRAMS / 10, PROGRAMS * DATAGRAMS * 4 / 5);
	close(classic[0]);
	close(classic[1]);
	close(translated[0]);
	close(translated[1]);
}

static const uint8_t frame[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5, 0};

/* Whether the field of the packet has the value, in a program of its own. */
static bool ancillary_is(enum bpf_prog_type type, uint32_t offset, uint32_t value, struct __sk_buff *context)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_AD_OFF + offset),
		BPF_JUMP(BPF_JMP | BPF_JEQ, value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	int fd = run_load_classic(type, program, sizeof(program) / sizeof(program[0]), XLATE_LINK);
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

/* The length of a cooked packet is that from its network header on, wherever this is: a test run's socket filter begins
 * with it, its classifier with an Ethernet header. */
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
		filter = run_load_classic(BPF_PROG_TYPE_SOCKET_FILTER, program, 4, XLATE_COOKED);
		assert_int_equal(run_socket_filter(filter, bytes, length, NULL), 1);
		assert_int_equal(run_socket_filter(filter, bytes, length + 1, NULL), 0);
		program[1].k = length - ETH_HLEN;
		classifier = run_load_classic(BPF_PROG_TYPE_SCHED_CLS, program, 4, XLATE_COOKED);
		assert_int_equal(run_classifier(classifier, bytes, length), 1);
		assert_int_equal(run_classifier(classifier, bytes, length + 1), 0);
		close(filter);
		close(classifier);
	}
}

/* Accepting goes on to the program in the slot; an empty slot rejects. */
static void test_tail_call(void **state)
{
	enum { SLOT = 2, ANSWER = 1234 };
	const struct bpf_insn answer[] = {BPF_MOV64_IMM(BPF_REG_0, ANSWER), BPF_EXIT_INSN()};
	const struct sock_filter accept = BPF_STMT(BPF_RET | BPF_K, 1);
	int array = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "next", sizeof(int), sizeof(int), SLOT + 1, NULL);
	const struct xlate_options options = {.next_fd = array, .next_slot = SLOT};
	struct bpf_insn *insns = NULL;
	const int slot = SLOT;
	const char *reason;
	int fd, next;
	size_t count;

	(void)state;
	assert_int_equal(xlate(&accept, 1, &options, &insns, &count, &reason), 0);
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

/* A jump of more than 16 bits: the verifier takes it since Linux 6.6. */
static void test_long_jump(void **state)
{
	enum { OVER = 40000 };
	struct sock_filter *program = calloc(OVER + 5, sizeof(*program));
	const struct xlate_options options = {.base = XLATE_LINK, .next_fd = -1};
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
	assert_int_equal(xlate(program, OVER + 4, &options, &insns, &count, &reason), 0);
	fd = run_load(BPF_PROG_TYPE_SOCKET_FILTER, insns, count);
	assert_int_equal(fd >= 0, kernel_release() >= 6006);
	if (fd >= 0) {
		assert_int_equal(run_socket_filter(fd, jumps, sizeof(jumps), NULL), 1);
		assert_int_equal(run_socket_filter(fd, falls, sizeof(falls), NULL), 0);
		close(fd);
	}
	free(insns);
	free(program);
}

/* The length of a cooked packet is that from its network header on, wherever this is: a test run's socket filter begins
 * with it, its classifier with an Ethernet header. */
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
		filter = run_load_classic(BPF_PROG_TYPE_SOCKET_FILTER, program, 4, XLATE_COOKED);
		assert_int_equal(run_socket_filter(filter, bytes, length, NULL), 1);
		assert_int_equal(run_socket_filter(filter, bytes, length + 1, NULL), 0);
		program[1].k = length - ETH_HLEN;
		classifier = run_load_classic(BPF_PROG_TYPE_SCHED_CLS, program, 4, XLATE_COOKED);
		assert_int_equal(run_classifier(classifier, bytes, length), 1);
		assert_int_equal(run_classifier(classifier, bytes, length + 1), 0);
		close(filter);
		close(classifier);
	}
}

/* Accepting goes on to the program in the slot; an empty slot rejects. */
static void test_tail_call(void **state)
{
	enum { SLOT = 2, ANSWER = 1234 };
	const struct bpf_insn answer[] = {BPF_MOV64_IMM(BPF_REG_0, ANSWER), BPF_EXIT_INSN()};
	const struct sock_filter accept = BPF_STMT(BPF_RET | BPF_K, 1);
	int array = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "next", sizeof(int), sizeof(int), SLOT + 1, NULL);
	const struct xlate_options options = {.next_fd = array, .next_slot = SLOT};
	struct bpf_insn *insns = NULL;
	const int slot = SLOT;
	const char *reason;
	int fd, next;
	size_t count;

	(void)state;
	assert_int_equal(xlate(&accept, 1, &options, &insns, &count, &reason), 0);
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

/* A jump of more than 16 bits: the verifier takes it since Linux 6.6. */
static void test_long_jump(void **state)
{
	enum { OVER = 40000 };
	struct sock_filter *program = calloc(OVER + 5, sizeof(*program));
	const struct xlate_options options = {.base = XLATE_LINK, .next_fd = -1};
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
	fd = run_load_classic(BPF_PROG_TYPE_SOCKET_FILTER, program, OVER + 4, XLATE_LINK);
	assert_int_equal(run_socket_filter(fd, jumps, sizeof(jumps), NULL), 1);
	assert_int_equal(run_socket_filter(fd, falls, sizeof(falls), NULL), 0);
	close(fd);
	free(program);
}

/* Since Linux 6.16 (support SKF_NET_OFF and SKF_LL_OFF on skb frags). */
static void test_probe(void **state)
{
	(void)state;
	assert_int_equal(kernel_cooked_base(), kernel_release() >= 6016 ? XLATE_COOKED : XLATE_COOKED_LINEAR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),        cmocka_unit_test(test_ancillary),
		cmocka_unit_test(test_tail_call),     cmocka_unit_test(test_long_jump),
		cmocka_unit_test(test_cooked_length), cmocka_unit_test(test_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
