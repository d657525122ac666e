/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "run_filter.h"

/*
 * Random classic programs: the translated program must decide like the classic program itself in the kernel. Both are
 * attached to Unix datagram sockets, where a datagram that the filter rejects does not arrive.
 */

enum { PROGRAMS = 10000, INSNS_MAX = 40, DATAGRAMS = 8, DATAGRAM = 64, SEED = 20261123 };

static uint64_t random_state = SEED;

/* SplitMix64 (Steele, Lea, Flood, 2014) */
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

/* Mostly inside the datagram, sometimes past its end, sometimes relative to a header. */
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

/* Store M[0] to M[3] first: bpf_check_classic() rejects loads of words that were not stored. */
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

/* Send a datagram through a pair of sockets. Returns whether it arrives. */
static bool arrives(const int pair[2], const uint8_t *bytes, size_t length)
{
	uint8_t copy[DATAGRAM];

	assert_int_equal(send(pair[0], bytes, length, 0), length);
	return recv(pair[1], copy, sizeof(copy), 0) >= 0;
}

/* Run one program on some datagrams, classic on one pair and translated on the other. Returns how many arrived. */
static size_t compare(unsigned int number, const int classic[2], const int translated[2])
{
	struct sock_filter program[INSNS_MAX];
	struct sock_fprog filter = {.len = (unsigned short)draw_program(program), .filter = program};
	int fd = (number % 2 ? run_load_hoisted : run_load_classic)(BPF_PROG_TYPE_SOCKET_FILTER, program, filter.len,
								    CBPF_LINK);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
