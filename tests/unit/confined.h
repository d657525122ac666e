/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CONFINED_H
#define CONFINED_H

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Run a function in a child process. Returns what it returns, or minus the signal that killed the child. */
static inline int in_child(int (*run)(const void *argument), const void *argument)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(run(argument));
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* Kill a child process, and leave it as a zombie. */
static inline void kill_child(pid_t pid)
{
	siginfo_t info;

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

#endif
