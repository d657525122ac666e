/* SPDX-License-Identifier: BSD-2-Clause */
/* A confined process is killed by each system call that its role does not need, and by no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/membarrier.h>
#include <linux/sockios.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "confined.h"
#include "sandbox/confine.h"
#include "sandbox/drop_privileges.h"
#include "sandbox/ring_fds.h"

/* Those of pthread_create(3). */
#define CLONE_THREAD_FLAGS                                                                                 \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND | CLONE_THREAD | CLONE_SETTLS | \
	 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum {
	LIVE = 1 << ROLE_LIVE | 1 << ROLE_TOP,
	TOP = 1 << ROLE_TOP,
	READ = 1 << ROLE_READ,
	OPENER = 1 << ROLE_OPENER,
	NOBODY = 0,
	CLOSED = RING_FD_MIN - 1, /* a descriptor that is not open */
	NOT_CONFINED = 99,        /* exit status of a child that could not be confined */
};

struct call {
	const char *name;
	unsigned int roles; /* the roles that may make this call */
	long number;
	long arguments[6];
};

/* A descriptor of -1 makes most of the allowed calls harmless. */
static const struct call calls[] = {
	{"read", LIVE | READ, SYS_read, {CLOSED, 0, 0}},
	{"read standard input", READ | TOP, SYS_read, {STDIN_FILENO, 0, 0}},
	{"read from standard output", NOBODY, SYS_read, {STDOUT_FILENO, 0, 0}},
	{"read from standard error", NOBODY, SYS_read, {STDERR_FILENO, 0, 0}},
	{"write", LIVE | READ, SYS_write, {CLOSED, 0, 0}},
	{"write a frame", READ, SYS_write, {RING_FD_MIN, 0, 0}},
	{"write a frame in parts", READ, SYS_writev, {RING_FD_MIN, 0, 0}},
	{"close", LIVE | READ | OPENER, SYS_close, {-1}},
	{"lseek", LIVE | READ, SYS_lseek, {-1}},
	{"ftruncate", LIVE | READ | OPENER, SYS_ftruncate, {-1}},
	{"stat of a descriptor", LIVE | READ | OPENER, SYS_newfstatat, {-1, (long)"", 0, AT_EMPTY_PATH}},
	{"statx", OPENER, SYS_statx, {-1, (long)"x", 0, 0, 0}},
	{"stat of a file", NOBODY, SYS_newfstatat, {AT_FDCWD, (long)"/", 0, 0}},
	{"memory", LIVE | READ | OPENER, SYS_mmap, {0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1}},
	{"code", NOBODY, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1}},
	{"memory made code", NOBODY, SYS_mprotect, {0, 0, PROT_EXEC}},
	{"open", OPENER, SYS_openat, {-1, (long)"x", O_RDONLY}},
	{"open by openat2", NOBODY, SYS_openat2, {-1, 0, 0, 0}},
	{"delete", OPENER, SYS_unlinkat, {-1, (long)"x", 0}},
	{"rename", NOBODY, SYS_renameat2, {-1, 0, -1, 0, 0}},
	{"make a directory", NOBODY, SYS_mkdirat, {-1, 0, 0}},
	{"change a mode", NOBODY, SYS_fchmod, {-1, 0}},
	{"change an owner", NOBODY, SYS_fchown, {-1, 0, 0}},
	{"run a program", NOBODY, SYS_execve, {0, 0, 0}},
	{"fork", NOBODY, SYS_clone, {SIGCHLD}},
	{"fork by clone3", LIVE, SYS_clone3, {0, 0}}, /* and refused: see threads() */
	{"a thread in another namespace", NOBODY, SYS_clone, {CLONE_THREAD_FLAGS | CLONE_NEWNET}},
	{"a process with our memory", NOBODY, SYS_clone, {CLONE_THREAD_FLAGS & ~CLONE_THREAD}},
	{"signal", NOBODY, SYS_kill, {0, 0}},
	{"trace", NOBODY, SYS_ptrace, {0, 0}},
	{"write into another process", NOBODY, SYS_process_vm_writev, {1, 0, 0, 0, 0, 0}},
	{"change the user", NOBODY, SYS_setresuid, {-1, -1, -1}},
	{"enter a namespace", NOBODY, SYS_setns, {-1, 0}},
	{"mount", NOBODY, SYS_mount, {0, 0, 0, 0, 0}},
	{"options of the process", NOBODY, SYS_prctl, {PR_SET_NAME, 0}},
	{"io_uring", NOBODY, SYS_io_uring_setup, {0, 0}},
	{"socket", NOBODY, SYS_socket, {AF_PACKET, SOCK_RAW, 0}},
	{"connect", NOBODY, SYS_connect, {-1, 0, 0}},
	{"bind", LIVE, SYS_bind, {-1, 0, 0}},
	{"accept", LIVE, SYS_accept4, {-1, 0, 0, 0}},
	{"receive", LIVE | READ, SYS_recvmsg, {-1, 0, 0}},
	{"send", LIVE | OPENER, SYS_sendmsg, {CLOSED, 0, 0}},
	{"send a frame", OPENER, SYS_sendmsg, {RING_FD_MIN, 0, 0}},
	{"send a frame somewhere", READ | OPENER, SYS_sendto, {RING_FD_MIN, 0, 0, 0, 0, 0}},
	{"send many frames", NOBODY, SYS_sendmmsg, {RING_FD_MIN, 0, 0, 0}},
	{"send a file as a frame", NOBODY, SYS_sendfile, {RING_FD_MIN, 0, 0, 0}},
	{"duplicate a packet socket above", NOBODY, SYS_fcntl, {RING_FD_MIN, F_DUPFD_CLOEXEC, RING_FD_MIN}},
	{"give a packet socket another number", NOBODY, SYS_fcntl, {CLOSED, F_DUPFD_CLOEXEC, RING_FD_MIN - 1}},
	{"duplicate a packet socket", NOBODY, SYS_dup2, {RING_FD_MIN, 1}},
	{"duplicate it to the lowest number", NOBODY, SYS_dup, {RING_FD_MIN}},
	{"user of a client", LIVE, SYS_getsockopt, {-1, SOL_SOCKET, SO_PEERCRED}},
	{"ring statistics", LIVE, SYS_getsockopt, {-1, SOL_PACKET, PACKET_STATISTICS}},
	{"other options of a socket", NOBODY, SYS_getsockopt, {-1, SOL_SOCKET, SO_RCVBUF}},
	{"a ring", LIVE, SYS_setsockopt, {RING_FD_MIN, SOL_PACKET, PACKET_RX_RING}},
	{"a ring of another socket", NOBODY, SYS_setsockopt, {CLOSED, SOL_PACKET, PACKET_RX_RING}},
	{"a ring to send from", NOBODY, SYS_setsockopt, {RING_FD_MIN, SOL_PACKET, PACKET_TX_RING}},
	{"a filter of a packet socket", LIVE, SYS_setsockopt, {RING_FD_MIN, SOL_SOCKET, SO_ATTACH_BPF}},
	{"the filter that rejects all", LIVE, SYS_setsockopt, {RING_FD_MIN, SOL_SOCKET, SO_ATTACH_FILTER}},
	{"a filter of another socket", NOBODY, SYS_setsockopt, {CLOSED, SOL_SOCKET, SO_ATTACH_BPF}},
	{"no filter", NOBODY, SYS_setsockopt, {RING_FD_MIN, SOL_SOCKET, SO_DETACH_FILTER}},
	{"promiscuous mode of a packet socket",
	 NOBODY,
	 SYS_setsockopt,
	 {RING_FD_MIN, SOL_PACKET, PACKET_ADD_MEMBERSHIP}},
	{"promiscuous mode", NOBODY, SYS_setsockopt, {-1, SOL_PACKET, PACKET_ADD_MEMBERSHIP}},
	{"another filter", NOBODY, SYS_setsockopt, {-1, SOL_SOCKET, SO_DETACH_FILTER}},
	{"name of an interface", LIVE, SYS_ioctl, {-1, SIOCGIFNAME}},
	{"flags of an interface", LIVE, SYS_ioctl, {-1, SIOCGIFFLAGS}},
	{"address of an interface", NOBODY, SYS_ioctl, {-1, SIOCSIFADDR}},
	{"size of a terminal", LIVE, SYS_ioctl, {-1, TIOCGWINSZ}},
	{"modes of a terminal", TOP, SYS_ioctl, {STDOUT_FILENO, TCGETS}},
	{"change the modes of a terminal", TOP, SYS_ioctl, {STDOUT_FILENO, TCSETSW, 0}},
	{"change the modes of a terminal at once", NOBODY, SYS_ioctl, {STDOUT_FILENO, TCSETS, 0}},
	{"change the modes of another terminal", NOBODY, SYS_ioctl, {STDERR_FILENO, TCSETSW, 0}},
	{"inject terminal input", NOBODY, SYS_ioctl, {-1, TIOCSTI}},
	{"look into a map", LIVE, SYS_bpf, {BPF_MAP_LOOKUP_ELEM, 0, 0}},
	{"look into a map in batches", LIVE, SYS_bpf, {BPF_MAP_LOOKUP_BATCH, 0, 0}},
	{"empty a map in batches", NOBODY, SYS_bpf, {BPF_MAP_LOOKUP_AND_DELETE_BATCH, 0, 0}},
	{"change a map", LIVE, SYS_bpf, {BPF_MAP_UPDATE_ELEM, 0, 0}},
	{"delete from a map", LIVE, SYS_bpf, {BPF_MAP_DELETE_ELEM, 0, 0}},
	{"run an iterator", LIVE, SYS_bpf, {BPF_ITER_CREATE, 0, 0}},
	{"make a map", NOBODY, SYS_bpf, {BPF_MAP_CREATE, 0, 0}},
	{"load a program", NOBODY, SYS_bpf, {BPF_PROG_LOAD, 0, 0}},
	{"attach a program", NOBODY, SYS_bpf, {BPF_PROG_ATTACH, 0, 0}},
	{"pinned maps", NOBODY, SYS_bpf, {BPF_OBJ_GET, 0, 0}},
	{"maps of others", NOBODY, SYS_bpf, {BPF_MAP_GET_FD_BY_ID, 0, 0}},
	{"wait for frames on their way", LIVE, SYS_membarrier, {MEMBARRIER_CMD_GLOBAL, 0}},
	{"another barrier", NOBODY, SYS_membarrier, {MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0}},
	{"events", LIVE, SYS_epoll_ctl, {-1, 0, 0, 0}},
	{"a clock", LIVE | READ, SYS_timerfd_settime, {-1, 0, 0, 0}},
};

static const struct {
	enum role role;
	const char *name;
} roles[] = {{ROLE_LIVE, "live"}, {ROLE_READ, "read"}, {ROLE_OPENER, "opener"}, {ROLE_TOP, "top"}};

struct trial {
	enum role role;
	const struct call *call;
};

static int confined(enum role role)
{
	const struct confinement confinement = {.role = role, .directory = -1};
	const char *failed;

	return confine(&confinement, &failed);
}

static int do_call(const void *argument)
{
	const struct trial *trial = argument;
	const long *a = trial->call->arguments;

	if (confined(trial->role))
		return NOT_CONFINED;
	syscall(trial->call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	return 0;
}

static void system_calls(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(calls); i++)
		for (size_t j = 0; j < LENGTH(roles); j++) {
			const struct trial trial = {roles[j].role, &calls[i]};
			int expected = calls[i].roles & 1U << roles[j].role ? 0 : -SIGSYS,
			    got = in_child(do_call, &trial);

			if (got != expected)
				fail_msg("%s, %s: wanted %d, got %d", roles[j].name, calls[i].name, expected, got);
		}
}

/* All that a role may call, by number, when each argument is -1: some calls are then without what they have to have,
 * and kill too. */
static const struct {
	unsigned int roles;
	int number;
} allowed[] = {
	/* each of them ends at once, most with an error */
	{LIVE | READ, SYS_read},
	{READ, SYS_write},
	{READ, SYS_writev},
	{LIVE | READ | OPENER, SYS_close},
	{LIVE | READ, SYS_ppoll},
	{LIVE | READ, SYS_rt_sigpending},
	{LIVE | READ, SYS_lseek},
	{LIVE | READ | OPENER, SYS_ftruncate},
	{LIVE | READ | OPENER, SYS_fstat},
	{OPENER, SYS_statx},
	{LIVE | READ, SYS_uname},
	{LIVE | READ | OPENER, SYS_clock_gettime},
	{LIVE | READ | OPENER, SYS_gettimeofday},
	{LIVE | READ, SYS_timerfd_create},
	{LIVE | READ, SYS_timerfd_settime},
	{LIVE | READ | OPENER, SYS_brk},
	{LIVE | READ | OPENER, SYS_mremap},
	{LIVE | READ | OPENER, SYS_munmap},
	{LIVE | READ | OPENER, SYS_madvise},
	{LIVE | READ | OPENER, SYS_getrandom},
	{LIVE | READ | OPENER, SYS_futex},
	{LIVE | READ | OPENER, SYS_rt_sigprocmask},
	{LIVE | READ | OPENER, SYS_rt_sigreturn},
	{LIVE | READ | OPENER, SYS_restart_syscall},
	{LIVE | READ | OPENER, SYS_exit},
	{LIVE | READ | OPENER, SYS_exit_group},
	{READ | OPENER, SYS_sendto},
	{OPENER, SYS_sendmsg},
	{LIVE | READ | OPENER, SYS_recvfrom},
	{LIVE | READ, SYS_recvmsg},
	{LIVE | READ, SYS_wait4},
	{LIVE, SYS_bind},
	{LIVE, SYS_accept4},
	{LIVE, SYS_epoll_ctl},
	{LIVE, SYS_set_robust_list},
	{LIVE, SYS_rseq},
	{LIVE, SYS_clone3}, /* answered without a look */
	{LIVE, SYS_epoll_pwait},
	{OPENER, SYS_openat},
	{OPENER, SYS_unlinkat},
#ifdef SYS_poll /* older calls, which newer processors do not have */
	{LIVE | READ, SYS_poll},
	{LIVE, SYS_epoll_wait},
	{LIVE | READ | OPENER, SYS_time},
#endif
};

/* The kernel shows seccomp(2) nothing of uretprobe() and uprobe(), which are for its own trampolines
 * (__secure_computing() in kernel/seccomp.c). */
static bool is_never_asked(int number)
{
#ifdef __x86_64__
	return number == 335 || number == 336;
#else
	(void)number;
	return false;
#endif
}

static bool may_call(enum role role, int number)
{
	for (size_t i = 0; i < LENGTH(allowed); i++)
		if (allowed[i].number == number)
			return allowed[i].roles & 1U << role;
	return false;
}

enum { CALL_NUMBERS = 512 }; /* more than there are */

struct number {
	enum role role;
	int number;
};

static int call_number(const void *argument)
{
	const struct number *call = argument;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL); /* cmocka handles some */
	alarm(10);                  /* for one that waits, pause() for instance, which should not have been allowed */
	if (confined(call->role))
		return NOT_CONFINED;
	return syscall(call->number, -1L, -1L, -1L, -1L, -1L, -1L) == 0;
}

static void every_system_call(void **state)
{
	(void)state;
	for (size_t j = 0; j < LENGTH(roles); j++)
		for (int number = 0; number < CALL_NUMBERS; number++) {
			const struct number call = {roles[j].role, number};
			int got;

			if (is_never_asked(number))
				continue;
			got = in_child(call_number, &call);
			assert_int_not_equal(got, NOT_CONFINED);
			if ((got != -SIGSYS) != may_call(roles[j].role, number))
				fail_msg("%s, call %d: %d", roles[j].name, number, got);
		}
}

static void *nothing(void *context)
{
	return context;
}

/* A sniffer may make threads, although the flags of clone3() cannot be looked at. */
static int make_thread(const void *argument)
{
	pthread_t thread;

	(void)argument;
	/* The first thread makes the C library install handlers; a sniffer has opened its rings in threads by then. */
	if (pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL) || confined(ROLE_LIVE))
		return NOT_CONFINED;
	if (syscall(SYS_clone3, NULL, 0) != -1 || errno != ENOSYS)
		return 1;
	return pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL) ? 2 : 0;
}

static void threads(void **state)
{
	(void)state;
	assert_int_equal(in_child(make_thread, NULL), 0);
}

/* 32-bit system calls have other numbers: none of them is allowed. */
static int old_call(const void *argument)
{
	(void)argument;
	if (confined(ROLE_LIVE))
		return NOT_CONFINED;
#ifdef __x86_64__
	__asm__ volatile("int $0x80" : : "a"(20) : "memory"); /* getpid() */
	return 0;
#else
	raise(SIGSYS);
	return 0;
#endif
}

static void other_architectures(void **state)
{
	(void)state;
	assert_int_equal(in_child(old_call, NULL), -SIGSYS);
}

/* A filter in front of ours makes the kernel look as if it had no Landlock. */
static int open_without_landlock(const void *argument)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	(void)argument;
	if (!filter || seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SYS_landlock_create_ruleset, 0) ||
	    seccomp_load(filter) || confined(ROLE_READ))
		return NOT_CONFINED;
	return open("/etc/passwd", O_RDONLY);
}

static void kernel_without_landlock(void **state)
{
	(void)state;
	assert_int_equal(in_child(open_without_landlock, NULL), -SIGSYS);
}

/* drop_privileges() fails if it cannot become the user. */
static int become_root(const void *argument)
{
	struct user root;

	(void)argument;
	if (geteuid() == 0 && setresuid(65534, 65534, 65534))
		return NOT_CONFINED;
	return user_find("root", &root) ? NOT_CONFINED : drop_privileges(&root, -1) == -EPERM;
}

static void impossible_user(void **state)
{
	(void)state;
	assert_int_equal(in_child(become_root, NULL), 1);
}

static void users(void **state)
{
	struct user user;

	(void)state;
	assert_int_equal(user_find("root", &user), 0);
	assert_string_equal(user.name, "root");
	assert_int_equal(user.uid, 0);
	assert_int_equal(user.gid, 0);
	assert_int_equal(user_find("no-such-user", &user), -ENOENT);
}

static void users_by_number_and_with_a_group(void **state)
{
	static const struct {
		const char *word, *name;
		uid_t uid;
		gid_t gid;
	} rows[] = {
		{"0", "root", 0, 0},          {"root:12345", "", 0, 12345},
		{"54321:root", "", 54321, 0}, {"54321:12345", "", 54321, 12345},
		{"nobody:0", "", 65534, 0},
	};
	static const char *const wrong[] = {
		"54321",          "",     ":",    "root:",        ":root",        "root:no-such-group",
		"no-such-user:0", "-1:0", "0:-1", "4294967295:0", "0:4294967295", "0x0:0",
		"0:0:0",
	};
	struct user user;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(user_find(rows[i].word, &user), 0);
		assert_string_equal(user.name, rows[i].name);
		assert_int_equal(user.uid, rows[i].uid);
		assert_int_equal(user.gid, rows[i].gid);
	}
	for (size_t i = 0; i < LENGTH(wrong); i++)
		if (user_find(wrong[i], &user) != -ENOENT)
			fail_msg("'%s'", wrong[i]);
}

/* The only role that may still ask. */
static int is_closed_to_others(const void *argument)
{
	(void)argument;
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	return confined(ROLE_COMPILER) ? NOT_CONFINED : prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
}

static void memory_is_closed(void **state)
{
	(void)state;
	assert_int_equal(in_child(is_closed_to_others, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system_calls),
		cmocka_unit_test(every_system_call),
		cmocka_unit_test(other_architectures),
		cmocka_unit_test(impossible_user),
		cmocka_unit_test(kernel_without_landlock),
		cmocka_unit_test(users),
		cmocka_unit_test(threads),
		cmocka_unit_test(users_by_number_and_with_a_group),
		cmocka_unit_test(memory_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
