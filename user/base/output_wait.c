/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/output_wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 1000,
	PIPE_SIZE =
		1 << 20, /* bytes; the most without privilege (pipe(7)). The default holds 20 packets in full style. */
};

static bool interrupt_ends;

/* Ctrl-C comes from the terminal that controls the process. */
static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

void output_wait_prepare(void)
{
	struct stat status;
	int fd;

	interrupt_ends = !has_terminal();
	if (fstat(STDOUT_FILENO, &status) || !(S_ISFIFO(status.st_mode) || isatty(STDOUT_FILENO)))
		return;
	/* Where this is not allowed, writes sleep, as in other programs. */
	fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* A larger pipe wakes the reader less often, for more at once. If it is refused, the old size does. */
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
	dup2(fd, STDOUT_FILENO);
	close(fd);
}

static bool must_stop(void)
{
	sigset_t pending;

	if (sigpending(&pending))
		return false;
	return sigismember(&pending, SIGTERM) || sigismember(&pending, SIGHUP) ||
	       (interrupt_ends && sigismember(&pending, SIGINT));
}

int output_wait(int fd)
{
	struct pollfd writable = {.fd = fd, .events = POLLOUT};

	/* On POLLERR too, let write(2) return the error. */
	while (poll(&writable, 1, PATIENCE_MS) <= 0)
		if (must_stop())
			return -EINTR;
	return 0;
}
