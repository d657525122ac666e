/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/command.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "sandbox/invoking_user.h"

enum {
	SIGNALED = 128,
	PATIENCE_MS = 500, /* ^C ends the command too, in its own time */
};

/* Where the keeper is. */
struct keeper {
	int fd;       /* of the sniffer; -1: it has left */
	int child_fd; /* signalfd(2) for SIGCHLD */
	pid_t command;
	int status;
};

/* Where tcpdump takes an expression behind "--", there is no such program as 'tcp' or 'port'. */
static void explain(const char *name, int error)
{
	log_line("cannot run '%s': %s%s", name, strerror(error),
		 error == ENOENT ? "; '--' begins a COMMAND, and an EXPRESSION stands before it" : "");
}

static void run(char **words, bool to_error)
{
	sigset_t none;

	if (to_error)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	execvp(words[0], words);
	explain(words[0], errno);
	_exit(COMMAND_NOT_RUN);
}

/* Returns whether any process is left. */
static bool reap(struct keeper *keeper)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(keeper->child_fd, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == keeper->command)
			keeper->status = WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALED + WTERMSIG(status);
	return pid == 0;
}

/* The sniffer has ended first. */
static void leave(struct keeper *keeper)
{
	struct pollfd ended = {.fd = keeper->child_fd, .events = POLLIN};

	keeper->fd = -1;
	if (poll(&ended, 1, PATIENCE_MS) == 0)
		kill(keeper->command, SIGTERM);
}

static void keep(struct keeper *keeper)
{
	while (reap(keeper)) {
		struct pollfd fds[] = {{.fd = keeper->child_fd, .events = POLLIN}, {.fd = keeper->fd}};

		if (poll(fds, 2, -1) > 0 && fds[1].revents)
			leave(keeper);
	}
	if (keeper->fd >= 0)
		(void)send(keeper->fd, &keeper->status, sizeof(keeper->status), MSG_NOSIGNAL);
}

/* Orphans of the command become children of this process, so that it knows when the last one has ended. */
static void wait_and_run(char **words, bool to_error, int fd)
{
	struct keeper keeper = {.fd = fd};
	sigset_t all;
	char go;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	keeper.child_fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (keeper.child_fd < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) || invoking_user_become())
		_exit(EXIT_FAILURE);
	if (recv(fd, &go, 1, 0) != 1)
		_exit(EXIT_SUCCESS);
	keeper.command = fork();
	if (!keeper.command)
		run(words, to_error);
	keep(&keeper);
	_exit(EXIT_SUCCESS);
}

/* Whether a directory of PATH has the program. */
static bool is_in(const char *directory, size_t length, const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%.*s/%s", length ? (int)length : 1, length ? directory : ".", name) <
		       (int)sizeof(path) &&
	       !access(path, X_OK);
}

static bool is_in_path(const char *path, const char *name)
{
	for (;; path++) {
		size_t length = strcspn(path, ":");

		if (is_in(path, length, name))
			return true;
		path += length;
		if (!*path)
			return false;
	}
}

bool command_find(const char *name)
{
	const char *path = getenv("PATH"); /* without one, execvp(3) has its own */
	bool found = strchr(name, '/') ? !access(name, F_OK) : !path || is_in_path(path, name);

	if (!found)
		explain(name, ENOENT);
	return found;
}

int command_prepare(char **words, bool to_error, struct command *command)
{
	int pair[2], ret = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	command->keeper = fork();
	if (!command->keeper) {
		close(pair[0]);
		wait_and_run(words, to_error, pair[1]);
	}
	if (command->keeper < 0)
		ret = -errno;
	close(pair[1]);
	command->fd = pair[0];
	return ret;
}

void command_start(const struct command *command)
{
	if (command->fd >= 0)
		(void)send(command->fd, "", 1, MSG_NOSIGNAL);
}

int command_status(const struct command *command)
{
	int status;

	return recv(command->fd, &status, sizeof(status), 0) == (ssize_t)sizeof(status) ? status : EXIT_FAILURE;
}

void command_leave(struct command *command)
{
	if (command->fd >= 0)
		close(command->fd);
	command->fd = -1;
}
