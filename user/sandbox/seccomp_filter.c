/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/seccomp_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/membarrier.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/ring_fds.h"

enum {
	LIVE = 1 << ROLE_LIVE | 1 << ROLE_TOP,
	TOP = 1 << ROLE_TOP,
	READ = 1 << ROLE_READ,
	OPENER = 1 << ROLE_OPENER,
	PUBLISHER = 1 << ROLE_PUBLISHER,
	SHOW = LIVE | READ,
	ALL = SHOW | OPENER | PUBLISHER,
};

struct call {
	int number;
	unsigned int roles;
	unsigned int conditions; /* on arguments; all must hold */
	struct scmp_arg_cmp condition[3];
};

/* clang-format off */
#define CALL(name, roles) {SCMP_SYS(name), roles, 0, {{0}}}
#define CALL_IF(name, roles, condition) {SCMP_SYS(name), roles, 1, {condition}}
#define CALL_IF_BOTH(name, roles, one, other) {SCMP_SYS(name), roles, 2, {one, other}}
#define CALL_IF_ALL(name, roles, one, other, third) {SCMP_SYS(name), roles, 3, {one, other, third}}
/* clang-format on */

/* For arguments of which the kernel reads only 32 bits. */
#define IS(argument, value)     SCMP_CMP32(argument, SCMP_CMP_EQ, value)
#define WITHOUT(argument, bits) SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, bits, 0)
/* The descriptor is not a packet socket, so no frame can be sent. */
#define NO_RING SCMP_CMP64(0, SCMP_CMP_LT, RING_FD_MIN)
/* The flags with which the C library makes a thread (pthread_create(3)). */
#define THREAD                                                                                             \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND | CLONE_THREAD | CLONE_SETTLS | \
	 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)
#define RING SCMP_CMP64(0, SCMP_CMP_GE, RING_FD_MIN)
/* Standard output and error may be a terminal, and reading it would reveal what the user types. */
#define NO_TERMINAL SCMP_CMP64(0, SCMP_CMP_GT, STDERR_FILENO)

static const struct call calls[] = {
	/* Packets in, text and files out. */
	CALL_IF(read, READ, IS(0, STDIN_FILENO)),
	CALL_IF(read, SHOW, NO_TERMINAL),
	/* Keys of the user's, and the modes of his terminal while they are read. */
	CALL_IF(read, TOP, IS(0, STDIN_FILENO)),
	CALL_IF_BOTH(ioctl, TOP, IS(0, STDOUT_FILENO), IS(1, TCGETS)),
	CALL_IF_BOTH(ioctl, TOP, IS(0, STDOUT_FILENO), IS(1, TCSETSW)),
	CALL_IF(write, LIVE, NO_RING),
	CALL_IF(writev, LIVE, NO_RING),
	CALL(write, READ),
	CALL(writev, READ),
	CALL(close, ALL),
	CALL(poll, SHOW),
	CALL(ppoll, SHOW),
	CALL(rt_sigpending, SHOW),
	/* Cutting a file back to its last whole packet when the disk is full. */
	CALL(lseek, SHOW),
	CALL(ftruncate, SHOW),
	CALL(fstat, SHOW),
	CALL_IF(newfstatat, SHOW, IS(3, AT_EMPTY_PATH)), /* fstat() of newer C libraries */

	CALL(uname, SHOW), /* for the section header of a pcapng file */

	/* Clocks, for machines whose vDSO has none. */
	CALL(clock_gettime, ALL),
	CALL(clock_gettime64, ALL),
	CALL(gettimeofday, ALL),
	CALL(time, ALL),
	CALL(timerfd_create, SHOW),
	CALL(timerfd_settime, SHOW),
	CALL(timerfd_settime64, SHOW),

	/* Memory, none of it executable. */
	CALL(brk, ALL),
	CALL_IF(mmap, ALL, WITHOUT(2, PROT_EXEC)),
	CALL_IF(mmap2, ALL, WITHOUT(2, PROT_EXEC)),
	CALL_IF(mprotect, ALL, WITHOUT(2, PROT_EXEC)),
	CALL(mremap, ALL),
	CALL(munmap, ALL),
	CALL(madvise, ALL),
	CALL(getrandom, ALL), /* malloc() */

	/* Locks of the C library, signals, exit. */
	CALL(futex, ALL),
	CALL(rt_sigprocmask, ALL),
	CALL(rt_sigreturn, ALL),
	CALL(restart_syscall, ALL),
	CALL(exit, ALL),
	CALL(exit_group, ALL),

	/* Messages to and from the processes that open files and compile expressions. */
	CALL_IF(sendto, LIVE, NO_RING),
	CALL_IF(sendmsg, LIVE, NO_RING),
	CALL(sendto, READ | OPENER | PUBLISHER),
	CALL(sendmsg, OPENER),
	CALL(recvfrom, ALL),
	CALL(recvmsg, SHOW),
	CALL(wait4, SHOW),

	/* Packet sockets; bind() also stops them. For a new filter, those that are not in use get a ring and the
	   filter. */
	CALL(bind, LIVE),
	CALL_IF_ALL(setsockopt, LIVE, RING, IS(1, SOL_PACKET), IS(2, PACKET_RX_RING)),
	CALL_IF_ALL(setsockopt, LIVE, RING, IS(1, SOL_SOCKET), IS(2, SO_ATTACH_BPF)),
	CALL_IF_ALL(setsockopt, LIVE, RING, IS(1, SOL_SOCKET), IS(2, SO_ATTACH_FILTER)),
	CALL_IF_BOTH(getsockopt, LIVE, IS(1, SOL_PACKET), IS(2, PACKET_STATISTICS)),
	CALL_IF_BOTH(getsockopt, LIVE, IS(1, SOL_SOCKET), IS(2, SO_ERROR)),
	CALL_IF(ioctl, LIVE, IS(1, SIOCGIFNAME)),
	CALL_IF(ioctl, LIVE, IS(1, SIOCGIFFLAGS)),
	CALL_IF(ioctl, LIVE, IS(1, TIOCGWINSZ)), /* the size of the terminal */
	CALL_IF(membarrier, LIVE, IS(0, MEMBARRIER_CMD_GLOBAL)),

	/* Threads that wait while the kernel sets up rings: no other kind of process. */
	CALL_IF(clone, LIVE, SCMP_CMP64(0, SCMP_CMP_EQ, THREAD)),
	CALL(set_robust_list, LIVE),
	CALL(rseq, LIVE),

	/* Counters, and the maps that select the filter in force. */
	CALL_IF(bpf, LIVE, IS(0, BPF_MAP_LOOKUP_ELEM)),
	CALL_IF(bpf, LIVE, IS(0, BPF_MAP_LOOKUP_BATCH)),
	CALL_IF(bpf, LIVE, IS(0, BPF_MAP_UPDATE_ELEM)),
	CALL_IF(bpf, LIVE, IS(0, BPF_MAP_DELETE_ELEM)),
	CALL_IF(bpf, LIVE, IS(0, BPF_OBJ_GET_INFO_BY_FD)),
	/* A look at the open sockets, with an iterator that is attached already. */
	CALL_IF(bpf, LIVE, IS(0, BPF_ITER_CREATE)),

	/* Clients that ask for the status or bring a filter. */
	CALL(accept4, LIVE),
	CALL_IF_BOTH(getsockopt, LIVE, IS(1, SOL_SOCKET), IS(2, SO_PEERCRED)),
	CALL(epoll_ctl, LIVE),
	CALL(epoll_wait, LIVE),
	CALL(epoll_pwait, LIVE),

	/* Files; landlock(7) limits these calls to one directory. */
	CALL(openat, OPENER | PUBLISHER),
	CALL(unlinkat, OPENER | PUBLISHER),
	CALL(write, PUBLISHER),
	CALL(renameat, PUBLISHER),
	CALL(renameat2, PUBLISHER),
	CALL(ftruncate, OPENER),
	CALL(fstat, OPENER),
	CALL_IF(newfstatat, OPENER, IS(3, AT_EMPTY_PATH)),
	CALL(statx, OPENER),
};

static int allow(scmp_filter_ctx filter, enum role role)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		const struct call *call = &calls[i];
		int ret;

		if (!(call->roles & 1U << role))
			continue;
		/* libseccomp ignores calls that this architecture does not have. */
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call->number, call->conditions, call->condition);
		if (ret)
			return ret;
	}
	/* The flags of clone3() lie in memory, where they cannot be checked; without it the C library uses clone(). */
	return role == ROLE_LIVE || role == ROLE_TOP
		       ? seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0)
		       : 0;
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
