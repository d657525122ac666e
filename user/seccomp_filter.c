/* SPDX-License-Identifier: BSD-2-Clause */
#include "seccomp_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/membarrier.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum {
	LIVE = 1 << ROLE_LIVE,
	READ = 1 << ROLE_READ,
	OPENER = 1 << ROLE_OPENER,
	SHOW = LIVE | READ,
	ALL = SHOW | OPENER,
};

struct call {
	int number;
	unsigned int roles;
	unsigned int conditions; /* of arguments, which have to hold together */
	struct scmp_arg_cmp condition[2];
};

#define CALL(name, roles)                 \
	{                                 \
		SCMP_SYS(name), roles, 0, \
		{                         \
			{                 \
				0         \
			}                 \
		}                         \
	}
/* With this value of an argument, which is of 32 bits in the kernel. */
#define CALL_WITH(name, roles, argument, value)                  \
	{                                                        \
		SCMP_SYS(name), roles, 1,                        \
		{                                                \
			SCMP_CMP32(argument, SCMP_CMP_EQ, value) \
		}                                                \
	}
/* Without these bits in an argument. */
#define CALL_WITHOUT(name, roles, argument, bits)                         \
	{                                                                 \
		SCMP_SYS(name), roles, 1,                                 \
		{                                                         \
			SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, bits, 0) \
		}                                                         \
	}
/* With two values. */
#define CALL_WITH_BOTH(name, roles, one, value, other, other_value)                                      \
	{                                                                                                \
		SCMP_SYS(name), roles, 2,                                                                \
		{                                                                                        \
			SCMP_CMP32(one, SCMP_CMP_EQ, value), SCMP_CMP32(other, SCMP_CMP_EQ, other_value) \
		}                                                                                        \
	}

static const struct call calls[] = {
	/* Packets in, text and files out. */
	CALL(read, SHOW),
	CALL(write, SHOW),
	CALL(writev, SHOW),
	CALL(close, ALL),
	CALL(poll, SHOW),
	CALL(ppoll, SHOW),
	/* The end of a file that a full disk has cut inside a packet. */
	CALL(lseek, SHOW),
	CALL(ftruncate, SHOW),
	CALL(fstat, SHOW),
	CALL_WITH(newfstatat, SHOW, 3, AT_EMPTY_PATH), /* fstat() of newer C libraries */

	CALL(uname, SHOW), /* for the section header of a pcapng file */

	/* Clocks, also where the vDSO has none. */
	CALL(clock_gettime, ALL),
	CALL(clock_gettime64, ALL),
	CALL(gettimeofday, ALL),
	CALL(time, ALL),
	CALL(timerfd_create, SHOW),
	CALL(timerfd_settime, SHOW),
	CALL(timerfd_settime64, SHOW),

	/* Memory, none of it executable. */
	CALL(brk, ALL),
	CALL_WITHOUT(mmap, ALL, 2, PROT_EXEC),
	CALL_WITHOUT(mmap2, ALL, 2, PROT_EXEC),
	CALL_WITHOUT(mprotect, ALL, 2, PROT_EXEC),
	CALL(mremap, ALL),
	CALL(munmap, ALL),
	CALL(madvise, ALL),
	CALL(getrandom, ALL), /* malloc() */

	/* The C library's locks, and its end. */
	CALL(futex, ALL),
	CALL(rt_sigprocmask, ALL),
	CALL(rt_sigreturn, ALL),
	CALL(restart_syscall, ALL),
	CALL(exit, ALL),
	CALL(exit_group, ALL),

	/* The processes that open files and compile expressions. */
	CALL(sendto, ALL),
	CALL(sendmsg, LIVE | OPENER),
	CALL(recvfrom, ALL),
	CALL(recvmsg, SHOW),
	CALL(wait4, SHOW),

	/* Sockets of packets, those too that a new filter comes with; bind() also stops them. */
	CALL(bind, LIVE),
	CALL_WITH_BOTH(getsockopt, LIVE, 1, SOL_PACKET, 2, PACKET_STATISTICS),
	CALL_WITH_BOTH(getsockopt, LIVE, 1, SOL_SOCKET, 2, SO_ERROR),
	CALL_WITH(ioctl, LIVE, 1, SIOCGIFNAME),
	CALL_WITH(membarrier, LIVE, 0, MEMBARRIER_CMD_GLOBAL),

	/* Counters, and the maps that say which filter is in force. */
	CALL_WITH(bpf, LIVE, 0, BPF_MAP_LOOKUP_ELEM),
	CALL_WITH(bpf, LIVE, 0, BPF_MAP_LOOKUP_BATCH),
	CALL_WITH(bpf, LIVE, 0, BPF_MAP_UPDATE_ELEM),
	CALL_WITH(bpf, LIVE, 0, BPF_MAP_DELETE_ELEM),

	/* Who asks for the status or brings a filter. */
	CALL(accept4, LIVE),
	CALL_WITH_BOTH(getsockopt, LIVE, 1, SOL_SOCKET, 2, SO_PEERCRED),
	CALL(epoll_ctl, LIVE),
	CALL(epoll_wait, LIVE),
	CALL(epoll_pwait, LIVE),

	/* Relative to its directory, all that landlock(7) leaves. */
	CALL(openat, OPENER),
	CALL(unlinkat, OPENER),
};

static int allow(scmp_filter_ctx filter, enum role role)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		const struct call *call = &calls[i];
		int ret;

		if (!(call->roles & 1U << role))
			continue;
		/* A call that this processor does not have is passed over. */
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call->number, call->conditions, call->condition);
		if (ret)
			return ret;
	}
	return 0;
}

int seccomp_filter_load(enum role role)
{
	scmp_filter_ctx filter;
	int ret;

	if (role == ROLE_COMPILER)
		return 0;
	filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return -ENOMEM;
	ret = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (!ret)
		ret = allow(filter, role);
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}
