/* SPDX-License-Identifier: BSD-2-Clause */
/* What landlock(7) refuses a process that is confined, with its filter of system calls left out: that would kill it
 * before landlock(7) is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/syscall.h>

#include "confined.h"
#include "sandbox/confine.h"
#include "sandbox/seccomp_filter.h"

enum { NOT_CONFINED = 99 };

/* In the place of that of the program. */
int seccomp_filter_load(enum role role)
{
	(void)role;
	return 0;
}

struct trial {
	const char *name;
	int (*act)(void);
	enum role role;
	int error;   /* 0: allowed */
	int version; /* of Landlock that refuses it */
};

static int read_file(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static int write_file(void)
{
	return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

static int signal_another(void)
{
	return kill(getppid(), 0);
}

static const struct trial trials[] = {
	{"live, read", read_file, ROLE_LIVE, EACCES, 1},
	{"live, write", write_file, ROLE_LIVE, EACCES, 1},
	{"live, signal", signal_another, ROLE_LIVE, EPERM, 6},
	{"read, read", read_file, ROLE_READ, EACCES, 1},
	{"read, write", write_file, ROLE_READ, EACCES, 1},
	{"opener, read", read_file, ROLE_OPENER, EACCES, 1},
	{"opener, write elsewhere", write_file, ROLE_OPENER, EACCES, 1},
	{"publisher, read", read_file, ROLE_PUBLISHER, EACCES, 1},
	{"publisher, write elsewhere", write_file, ROLE_PUBLISHER, EACCES, 1},
	{"compiler, read", read_file, ROLE_COMPILER, 0, 1},
	{"compiler, write", write_file, ROLE_COMPILER, EACCES, 1},
};

static int perform(const void *argument)
{
	const struct trial *trial = argument;
	const struct confinement confinement = {.role = trial->role, .directory = -1};
	const char *failed;

	if (confine(&confinement, &failed))
		return NOT_CONFINED;
	return trial->act() < 0 ? errno : 0;
}

static void files_and_signals(void **state)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	(void)state;
	if (version < 1)
		skip();
	for (size_t i = 0; i < sizeof(trials) / sizeof(*trials); i++) {
		int got = version < trials[i].version ? trials[i].error : in_child(perform, &trials[i]);

		if (got != trials[i].error)
			fail_msg("%s: wanted %d, got %d", trials[i].name, trials[i].error, got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_and_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
