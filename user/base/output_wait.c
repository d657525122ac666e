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
	PIPE_SIZE = 1 << 20, /* bytes; what pipe(7) lets anybody have. 64 KiB is 20 packets in the full style. */
};

void output_wait_prepare(void)
{
	struct stat status;
	int fd;

	if (fstat(STDOUT_FILENO, &status) || !(S_ISFIFO(status.st_mode) || isatty(STDOUT_FILENO)))
		return;
	/* Where that is not allowed, writes sleep, as they do in other programs. */
	fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* The reader is woken less often, for more at once. Where that is not allowed, it stays as it is. */
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
	dup2(fd, STDOUT_FILENO);
	close(fd);
}

static bool is_to_end(void)
{
	sigset_t pending;

	return !sigpending(&pending) && (sigismember(&pending, SIGTERM) || sigismember(&pending, SIGHUP));
}

int output_wait(int fd)
{
	struct pollfd writable = {.fd = fd, .events = POLLOUT};

	/* Errors too are for write(2) to tell. */
	while (poll(&writable, 1, PATIENCE_MS) <= 0)
		if (is_to_end())
			return -EINTR;
	return 0;
}
