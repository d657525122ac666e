/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/helper_process.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/signal_wait.h"

/* other: -1 for none. */
static void close_all_but(int one, int other)
{
	unsigned int low = (unsigned int)(one < other ? one : other), high = (unsigned int)(one < other ? other : one);

	if (other < 0)
		low = high;
	if (low > 0)
		close_range(0, low - 1, 0);
	if (high > low + 1)
		close_range(low + 1, high - 1, 0);
	close_range(high + 1, UINT_MAX, 0);
}

/* Only the parent handles ^C: it may still need this process to finish its files. */
static void block_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

static void __attribute__((noreturn))
run(void (*serve)(int fd, void *context), void *context, const struct confinement *confinement, int fd)
{
	const char *failed;
	int32_t ret;

	block_signals();
	close_all_but(fd, confinement->directory);
	ret = confine(confinement, &failed);
	if (!helper_process_send(fd, &ret, sizeof(ret)) && !ret)
		serve(fd, context);
	_exit(0);
}

int helper_process_start(void (*serve)(int fd, void *context), void *context, const struct confinement *confinement,
			 struct helper_process **helper)
{
	struct helper_process *child = malloc(sizeof(*child));
	int32_t confined;
	int pair[2], ret;

	if (!child || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		ret = child ? -errno : -ENOMEM;
		free(child);
		return ret;
	}
	*child = (struct helper_process){.fd = pair[0], .pid = fork(), .end_fd = -1};
	if (!child->pid) {
		free(child);
		run(serve, context, confinement, pair[1]);
	}
	if (child->pid > 0)
		child->end_fd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	ret = child->end_fd < 0 && (child->pid < 0 || errno != ENOSYS) ? -errno : 0;
	close(pair[1]);
	if (!ret)
		ret = helper_process_receive(child->fd, &confined, sizeof(confined));
	if (!ret)
		ret = confined;
	if (ret)
		helper_process_stop(child);
	else
		*helper = child;
	return ret;
}

int helper_process_send(int fd, const void *bytes, size_t size)
{
	while (size > 0) {
		ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return -errno;
		if (sent > 0) {
			bytes = (const char *)bytes + sent;
			size -= (size_t)sent;
		}
	}
	return 0;
}

int helper_process_receive(int fd, void *bytes, size_t size)
{
	while (size > 0) {
		ssize_t received = recv(fd, bytes, size, MSG_WAITALL);

		if (received == 0)
			return -EPIPE;
		if (received < 0 && errno != EINTR)
			return -errno;
		if (received > 0) {
			bytes = (char *)bytes + received;
			size -= (size_t)received;
		}
	}
	return 0;
}

void helper_process_abandon(struct helper_process *helper)
{
	if (!helper)
		return;
	close(helper->fd);
	free(helper);
}

void helper_process_stop(struct helper_process *helper)
{
	if (!helper)
		return;
	close(helper->fd);
	/* The process ends now, unless the kernel holds it in a system call, as where a file server does not answer. */
	if (helper->pid > 0 && (helper->end_fd < 0 || !signal_wait_events(helper->end_fd, POLLIN)))
		waitpid(helper->pid, NULL, 0);
	if (helper->end_fd >= 0)
		close(helper->end_fd);
	free(helper);
}
