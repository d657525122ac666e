/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process can still do with files under Landlock alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "confined.h"
#include "sandbox/landlock.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { NOT_CONFINED = 99 };

/* allowed/ has the file `old` and `link` to ../outside. */
static char top[] = "/tmp/test_landlock.XXXXXX";
static int allowed_fd, outside_fd;

enum act {
	READ,
	CREATE,
	WRITE,
	CUT,
	DELETE,
	MAKE_DIRECTORY,
	MAKE_LINK,
	LIST,
	RUN,
	CUT_OPEN_FILE,
};

static int try(enum act act, const char *path)
{
	int fd;

	switch (act) {
	case READ:
		return open(path, O_RDONLY);
	case CREATE:
		return open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	case WRITE:
		return open(path, O_WRONLY);
	case CUT:
		fd = open(path, O_WRONLY | O_TRUNC);
		return fd < 0 ? fd : ftruncate(fd, 0);
	case DELETE:
		return unlink(path);
	case MAKE_DIRECTORY:
		return mkdir(path, 0777);
	case MAKE_LINK:
		return symlink("old", path);
	case LIST:
		return open(path, O_RDONLY | O_DIRECTORY);
	case RUN:
		return execl(path, "true", NULL);
	case CUT_OPEN_FILE:
		return ftruncate(outside_fd, 0);
	}
	return -1;
}

struct trial {
	const char *name;
	int (*confine)(void);
	const char *path; /* from the top */
	enum act act;
	int error; /* 0: allowed */
};

static int below(void)
{
	return landlock_allow_writing_below(allowed_fd);
}

static const struct trial trials[] = {
	{"read nothing", landlock_allow_nothing, "allowed/old", READ, EACCES},
	{"create nothing", landlock_allow_nothing, "allowed/new", CREATE, EACCES},
	{"write nothing", landlock_allow_nothing, "allowed/old", WRITE, EACCES},
	{"delete nothing", landlock_allow_nothing, "allowed/old", DELETE, EACCES},
	{"list nothing", landlock_allow_nothing, "allowed", LIST, EACCES},
	{"run nothing", landlock_allow_nothing, "/bin/true", RUN, EACCES},
	{"cut what was open", landlock_allow_nothing, NULL, CUT_OPEN_FILE, 0},
	{"create below", below, "allowed/new", CREATE, 0},
	{"create in a directory below", below, "allowed/deep/new", CREATE, 0},
	{"write below", below, "allowed/old", WRITE, 0},
	{"cut below", below, "allowed/old", CUT, 0},
	{"delete below", below, "allowed/old", DELETE, 0},
	{"not read below", below, "allowed/old", READ, EACCES},
	{"not list", below, "allowed", LIST, EACCES},
	{"no directory", below, "allowed/new", MAKE_DIRECTORY, EACCES},
	{"no link", below, "allowed/new", MAKE_LINK, EACCES},
	{"not create outside", below, "new", CREATE, EACCES},
	{"not create above", below, "allowed/../new", CREATE, EACCES},
	{"not write outside", below, "outside", WRITE, EACCES},
	{"not through a link", below, "allowed/link", WRITE, EACCES},
	{"not delete outside", below, "outside", DELETE, EACCES},
	{"read", landlock_allow_reading, "allowed/old", READ, 0},
	{"list", landlock_allow_reading, "allowed", LIST, 0},
	{"not write", landlock_allow_reading, "allowed/old", WRITE, EACCES},
	{"not create", landlock_allow_reading, "allowed/new", CREATE, EACCES},
	{"not run", landlock_allow_reading, "/bin/true", RUN, EACCES},
};

static int perform(const void *argument)
{
	const struct trial *trial = argument;

	errno = 0;
	if (chdir(top) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || trial->confine())
		return NOT_CONFINED;
	return try(trial->act, trial->path) < 0 ? errno : 0;
}

static void make_file(int directory, const char *name)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT, 0666);

	assert_true(fd >= 0 || errno == EEXIST);
	close(fd);
}

static int set_up(void **state)
{
	int top_fd;

	(void)state;
	assert_non_null(mkdtemp(top));
	top_fd = open(top, O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdirat(top_fd, "allowed", 0777), 0);
	allowed_fd = openat(top_fd, "allowed", O_PATH | O_DIRECTORY);
	assert_int_equal(mkdirat(allowed_fd, "deep", 0777), 0);
	assert_int_equal(symlinkat("../outside", allowed_fd, "link"), 0);
	outside_fd = openat(top_fd, "outside", O_WRONLY | O_CREAT, 0666);
	assert_true(outside_fd >= 0);
	close(top_fd);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	close(allowed_fd);
	close(outside_fd);
	snprintf(command, sizeof(command), "rm -r %s", top);
	return system(command); /* NOLINT(bugprone-command-processor): no word of it comes from elsewhere */
}

/* Skip the test on a kernel without Landlock, or with a version that cannot deny this yet. */
static void need_landlock(int version)
{
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < version)
		skip();
}

static void files(void **state)
{
	(void)state;
	need_landlock(1);
	for (size_t i = 0; i < LENGTH(trials); i++) {
		int got;

		make_file(allowed_fd, "old");
		unlinkat(allowed_fd, "new", 0);
		unlinkat(allowed_fd, "deep/new", 0);
		got = in_child(perform, &trials[i]);
		if (got != trials[i].error)
			fail_msg("%s: %s", trials[i].name, strerror(got));
	}
}

/* TCP on the loopback device, to a port that nobody may open here but root. */
static int open_tcp(const void *argument)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int (*call)(int, const struct sockaddr *, socklen_t) =
		*(int (*const *)(int, const struct sockaddr *, socklen_t))argument;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || landlock_allow_nothing())
		return NOT_CONFINED;
	address.sin_port = htons(1);
	return call(fd, (const struct sockaddr *)&address, sizeof(address)) ? errno : 0;
}

static void tcp(void **state)
{
	int (*const calls[])(int, const struct sockaddr *, socklen_t) = {bind, connect};

	(void)state;
	need_landlock(4);
	for (size_t i = 0; i < LENGTH(calls); i++)
		assert_int_equal(in_child(open_tcp, &calls[i]), EACCES);
}

/* The name of a socket of this process that is in no file system (unix(7)). */
static struct sockaddr_un abstract;

static int connect_abstract(const void *argument)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)argument;
	if (fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || landlock_allow_nothing())
		return NOT_CONFINED;
	return connect(fd, (const struct sockaddr *)&abstract, sizeof(abstract)) ? errno : 0;
}

static void abstract_sockets(void **state)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	need_landlock(6);
	abstract.sun_family = AF_UNIX;
	snprintf(abstract.sun_path + 1, sizeof(abstract.sun_path) - 1, "test_landlock-%d", (int)getpid());
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&abstract, sizeof(abstract)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(in_child(connect_abstract, NULL), EPERM);
	close(fd);
}

static int signal_another(const void *argument)
{
	(void)argument;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || landlock_allow_nothing())
		return NOT_CONFINED;
	return kill(getppid(), 0) ? errno : 0;
}

static void signals(void **state)
{
	(void)state;
	need_landlock(6);
	assert_int_equal(in_child(signal_another, NULL), EPERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(tcp),
		cmocka_unit_test(abstract_sockets),
		cmocka_unit_test(signals),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
