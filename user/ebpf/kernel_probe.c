/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/kernel_probe.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

/* unix_dgram_sendmsg() puts what exceeds 16 KiB (SKB_MAX_ALLOC) outside the linear part. The network header of a Unix
 * datagram is its first byte. */
enum { DATAGRAM = 32 * 1024, FAR = DATAGRAM - 1 };

/* Accept datagrams whose byte at FAR is not zero. */
static bool attach_far_load(int fd)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (__u32)(SKF_NET_OFF + FAR)),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct sock_fprog filter = {.len = sizeof(program) / sizeof(program[0]), .filter = program};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) == 0;
}

enum cbpf_base kernel_probe_cooked_base(void)
{
	char datagram[DATAGRAM] = {0};
	enum cbpf_base base = CBPF_COOKED_LINEAR;
	int pair[2];
	char byte;

	datagram[FAR] = 1; /* not in the initializer, over which the analyser takes minutes */
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair))
		return base;
	if (attach_far_load(pair[1]) && send(pair[0], datagram, sizeof(datagram), 0) == sizeof(datagram) &&
	    recv(pair[1], &byte, 1, 0) == 1)
		base = CBPF_COOKED;
	close(pair[0]);
	close(pair[1]);
	return base;
}
