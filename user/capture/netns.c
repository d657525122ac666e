/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static bool is_pid(const char *namespace)
{
	return *namespace && namespace[strspn(namespace, "0123456789")] == '\0';
}

static int open_namespace(const char *namespace)
{
	char path[PATH_MAX];

	if (strchr(namespace, '/'))
		snprintf(path, sizeof(path), "%s", namespace);
	else if (is_pid(namespace))
		snprintf(path, sizeof(path), "/proc/%s/ns/net", namespace);
	else
		snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int netns_enter(const char *namespace)
{
	int fd = open_namespace(namespace), previous, ret = 0;

	if (fd < 0)
		return -errno;
	previous = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (previous < 0 || setns(fd, CLONE_NEWNET))
		ret = -errno;
	close(fd);
	if (!ret)
		return previous;
	if (previous >= 0)
		close(previous);
	return ret;
}

void netns_explain(const char *namespace, int error)
{
	bool is_path = strchr(namespace, '/'), is_missing = error == -ENOENT;

	if (is_missing && is_pid(namespace))
		log_line("--netns: no process has the id %s", namespace);
	else if (is_missing && !is_path)
		log_line("--netns: no such network namespace '%s'; list them with ip netns", namespace);
	else if (error == -EINVAL || error == -ENOTTY)
		log_line("--netns: '%s' is not a network namespace; write a name, a process id, or a path such as "
			 "/proc/PID/ns/net",
			 namespace);
	else
		log_line("--netns: cannot enter '%s': %s", namespace, strerror(-error));
}

void netns_leave(int previous)
{
	if (previous < 0)
		return;
	/* Cannot fail: the process was there before. */
	(void)setns(previous, CLONE_NEWNET);
	close(previous);
}
