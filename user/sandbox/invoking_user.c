/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/invoking_user.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/same_file.h"
#include "sandbox/drop_privileges.h"

/* The user as whom a shell was left, as the program that changed to another user tells it; NULL: none. */
static const struct passwd *user_before(void)
{
	const char *number = getenv("SUDO_UID"), *name = getenv("DOAS_USER");

	if (!number)
		number = getenv("PKEXEC_UID");
	if (number)
		return getpwuid((uid_t)strtoul(number, NULL, 10));
	return name ? getpwnam(name) : NULL;
}

static bool changed_user(void)
{
	return getenv("SUDO_UID") || getenv("PKEXEC_UID") || getenv("DOAS_USER");
}

/* Whoever is not root may have set these variables himself: they can then take permission away, but not give it. */
static bool find(struct user *user)
{
	const struct passwd *before = changed_user() ? user_before() : NULL;

	if (changed_user() && (!before || (getuid() != 0 && before->pw_uid != getuid())))
		return false;
	*user = (struct user){.uid = getuid(), .gid = getgid()};
	if (before && getuid() == 0) {
		*user = (struct user){.uid = before->pw_uid, .gid = before->pw_gid};
		snprintf(user->name, sizeof(user->name), "%s", before->pw_name);
	}
	return true;
}

/* The path may lead to another file by now. */
static bool opens(const char *path, int fd)
{
	int own = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat one, other;

	return own >= 0 && !fstat(fd, &one) && !fstat(own, &other) && same_file(&one, &other);
}

bool invoking_user_may_read(const char *path, int fd)
{
	struct user user;
	int status = -1;
	pid_t child;

	/* AT_SECURE: execve(2) has given it more than its user has (getauxval(3)). */
	if (!changed_user() && !getauxval(AT_SECURE))
		return true;
	if (!find(&user))
		return false;
	if (user.uid == 0)
		return true;
	child = fork();
	if (!child)
		_exit(drop_privileges(&user, -1) || !opens(path, fd));
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child > 0 && status == 0;
}

/* sudo(8) has set root's. */
static int set_environment(uid_t uid)
{
	const struct passwd *entry = getpwuid(uid);

	if (!entry)
		return 0;
	return setenv("HOME", entry->pw_dir, 1) || setenv("USER", entry->pw_name, 1) ||
			       setenv("LOGNAME", entry->pw_name, 1)
		       ? -errno
		       : 0;
}

int invoking_user_become(void)
{
	struct user user;
	int ret;

	if (!find(&user))
		return -EPERM;
	if (getuid() == user.uid && geteuid() == user.uid)
		return 0;
	ret = user_become(&user);
	return ret ? ret : set_environment(user.uid);
}
