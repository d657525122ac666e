/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/confine.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "sandbox/drop_privileges.h"
#include "sandbox/landlock.h"
#include "sandbox/seccomp_filter.h"

static const char give_up_user[] = "give up its user and capabilities";

/* With TZ set, later calls of tzset(3) do not check whether /etc/localtime has changed, which would need an open(2). */
static int fix_time_zone(void)
{
	if (setenv("TZ", ":/etc/localtime", 0))
		return -errno;
	tzset();
	return 0;
}

static bool opens_files(const struct confinement *confinement)
{
	return confinement->role == ROLE_OPENER || confinement->role == ROLE_PUBLISHER;
}

/* Find the user to become. 1, 0 when there is no change, or -errno. */
static int find_user(const struct confinement *confinement, struct user *user)
{
	int ret;

	if (opens_files(confinement) || (!confinement->user && geteuid() != 0))
		return 0;
	if (confinement->user) {
		ret = user_find(confinement->user, user);
		return ret ? ret : 1;
	}
	user_find_default(user);
	return user_is_mapped(user->uid);
}

/* Only what the process creates belongs to that user (credentials(7)); CAP_DAC_OVERRIDE, which drop_privileges() makes
 * effective again, opens the directory. */
static int create_for(uid_t uid, gid_t gid)
{
	setfsgid(gid);
	setfsuid(uid);
	return setfsgid((gid_t)-1) == (int)gid && setfsuid((uid_t)-1) == (int)uid ? 0 : -EPERM;
}

static int drop_opener(const struct confinement *confinement)
{
	int ret = confinement->creates_for ? create_for(confinement->file_uid, confinement->file_gid) : 0;

	return ret ? ret : drop_privileges(NULL, CAP_DAC_OVERRIDE);
}

static int drop(const struct confinement *confinement)
{
	struct user user;
	int found = find_user(confinement, &user);

	if (found < 0)
		return found;
	if (opens_files(confinement))
		return drop_opener(confinement);
	return drop_privileges(found ? &user : NULL, -1);
}

/* Keep other processes of the same user from reading and changing the memory, with what has been sniffed, and from
 * taking the descriptors (ptrace(2), proc(5)). Becoming another user sets the flag anew, so this comes after it. */
static int deny_tracing(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return -errno;
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : -EPERM;
}

static int deny_files(const struct confinement *confinement)
{
	switch (confinement->role) {
	case ROLE_OPENER:
	case ROLE_PUBLISHER:
		return landlock_allow_writing_below(confinement->directory);
	case ROLE_COMPILER:
		return landlock_allow_reading();
	case ROLE_LIVE:
	case ROLE_READ:
	case ROLE_TOP:
	default:
		return landlock_allow_nothing();
	}
}

int confine(const struct confinement *confinement, const char **failed)
{
	int ret;

#ifdef __SANITIZE_ADDRESS__ /* its runtime opens files and makes system calls of its own, even at exit */
	return 0;
#endif
	*failed = "settle the time zone";
	ret = fix_time_zone();
	if (ret)
		return ret;
	*failed = give_up_user;
	ret = drop(confinement);
	if (ret)
		return ret;
	*failed = "keep other processes from its memory";
	ret = deny_tracing();
	if (ret)
		return ret;
	*failed = "give up the file system (landlock)";
	ret = deny_files(confinement);
	if (ret)
		return ret;
	*failed = "give up system calls (seccomp)";
	return seccomp_filter_load(confinement->role);
}

int confine_or_explain(const struct confinement *confinement)
{
	const char *failed;
	struct user user;
	int changes = find_user(confinement, &user), ret = confine(confinement, &failed);

	if (ret == -EPERM && failed == give_up_user && changes > 0)
		log_line("missing CAP_SETUID and CAP_SETGID to become '%s': run it with sudo, or %s",
			 confinement->user ? confinement->user : user.name,
			 geteuid() == 0 ? "stay root with -Z root" : "leave out -Z");
	else if (ret)
		log_line("cannot %s: %s", failed, strerror(-ret));
	return ret;
}
