/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/drop_privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { NOBODY = 65534 }; /* the kernel's overflow user and group (user_namespaces(7)) */

int user_find(const char *name, struct user *user)
{
	const struct passwd *entry;

	errno = 0;
	entry = getpwnam(name);
	if (entry)
		*user = (struct user){.name = name, .uid = entry->pw_uid, .gid = entry->pw_gid};
	else if (!strcmp(name, "nobody")) /* even without /etc/passwd, as in some containers */
		*user = (struct user){.name = name, .uid = NOBODY, .gid = NOBODY};
	else
		return errno ? -errno : -ENOENT;
	return 0;
}

/* The user nobody has no supplementary groups. Looking them up would load plug-ins (nsswitch.conf(5)), which takes a
 * millisecond. */
static int take_groups(const struct user *user)
{
	if (!*user->name || !strcmp(user->name, "nobody"))
		return setgroups(1, &user->gid);
	return initgroups(user->name, user->gid);
}

/* Groups first: after the change of user the process may no longer change them. */
static int become(const struct user *user)
{
	if (geteuid() == user->uid && getuid() == user->uid && getegid() == user->gid && getgid() == user->gid)
		return 0;
	if (take_groups(user) || setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid))
		return -errno;
	return 0;
}

static bool has_become(const struct user *user)
{
	uid_t uid[3];
	gid_t gid[3];

	if (getresuid(&uid[0], &uid[1], &uid[2]) || getresgid(&gid[0], &gid[1], &gid[2]))
		return false;
	for (int i = 0; i < 3; i++)
		if (uid[i] != user->uid || gid[i] != user->gid)
			return false;
	return true;
}

/* Whether the process has no capability but `kept` (-1: none). `bounding`: the bounding set could be emptied, so check
 * it too. */
static bool has_nothing_but(int kept, bool bounding)
{
	static const capng_type_t sets[] = {CAPNG_EFFECTIVE, CAPNG_PERMITTED, CAPNG_INHERITABLE, CAPNG_AMBIENT,
					    CAPNG_BOUNDING_SET};
	size_t count = sizeof(sets) / sizeof(*sets) - (bounding ? 0 : 1);

	capng_clear(CAPNG_SELECT_ALL);
	if (capng_get_caps_process() || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return false;
	for (size_t i = 0; i < count; i++)
		for (int capability = 0; capability <= CAP_LAST_CAP; capability++)
			if (capng_have_capability(sets[i], (unsigned int)capability) &&
			    (capability != kept || sets[i] == CAPNG_INHERITABLE || sets[i] >= CAPNG_BOUNDING_SET))
				return false;
	return true;
}

int drop_privileges(const struct user *user, int kept)
{
	bool bounding, keep;
	int ret;

	if (capng_get_caps_process())
		return -EIO;
	bounding = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	keep = kept >= 0 && capng_have_capability(CAPNG_PERMITTED, (unsigned int)kept);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	capng_clear(CAPNG_SELECT_ALL);
	if (bounding && capng_apply(CAPNG_SELECT_BOUNDS))
		return -EPERM;
	ret = user ? become(user) : 0;
	if (ret)
		return ret;
	if (keep)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, (unsigned int)kept);
	if (capng_apply(CAPNG_SELECT_CAPS) || capng_apply(CAPNG_SELECT_AMBIENT))
		return -EPERM;
	return (!user || has_become(user)) && has_nothing_but(keep ? kept : -1, bounding) ? 0 : -EPERM;
}
