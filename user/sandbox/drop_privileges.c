/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/drop_privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Whom the Debian package makes, so that no other process runs as this user. */
#define OWN_USER "_bpfsniff"

enum { NOBODY = 65534 }; /* the kernel's overflow user and group (user_namespaces(7)) */

/* 0, -EINVAL when the word is no number of a user or group, or another -errno. */
static int parse_id(const char *word, uint32_t *id)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || errno || number >= UINT32_MAX) /* (uid_t)-1 means "no change" */
		return -EINVAL;
	*id = (uint32_t)number;
	return 0;
}

static int find_group(const char *word, gid_t *gid)
{
	const struct group *entry = getgrnam(word);

	if (!entry)
		return parse_id(word, gid) ? -ENOENT : 0;
	*gid = entry->gr_gid;
	return 0;
}

/* *user has its own group; 0, -ENOENT, or another -errno. As in chown(1), a name comes before a number. */
static int find_user(const char *word, struct user *user)
{
	const struct passwd *entry;
	uid_t uid = 0;

	errno = 0;
	entry = getpwnam(word);
	if (!entry && errno && errno != ENOENT)
		return -errno;
	if (!entry && !parse_id(word, &uid))
		entry = getpwuid(uid);
	if (!entry && strcmp(word, "nobody") != 0)
		return -ENOENT;
	if (!entry) /* even without /etc/passwd, as in some containers */
		*user = (struct user){.name = "nobody", .uid = NOBODY, .gid = NOBODY};
	else
		*user = (struct user){.uid = entry->pw_uid, .gid = entry->pw_gid};
	if (entry)
		snprintf(user->name, sizeof(user->name), "%s", entry->pw_name);
	return 0;
}

int user_find(const char *word, struct user *user)
{
	const char *colon = strchr(word, ':');
	char name[sizeof(user->name)];
	int ret;

	snprintf(name, sizeof(name), "%.*s", (int)(colon ? (size_t)(colon - word) : strlen(word)), word);
	ret = find_user(name, user);
	if (!colon)
		return ret;
	if (ret == -ENOENT && !parse_id(name, &user->uid)) /* whom nobody knows: with a group he needs no entry */
		ret = 0;
	*user->name = '\0';
	return ret ? ret : find_group(colon + 1, &user->gid);
}

/* Read the file itself: to look for a user that is missing, the C library would go through all plug-ins. */
void user_find_default(struct user *user)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry = NULL;

	*user = (struct user){.name = "nobody", .uid = NOBODY, .gid = NOBODY};
	while (file && (entry = fgetpwent(file)) && strcmp(entry->pw_name, OWN_USER) != 0)
		if (!strcmp(entry->pw_name, "nobody"))
			*user = (struct user){.name = "nobody", .uid = entry->pw_uid, .gid = entry->pw_gid};
	if (entry)
		*user = (struct user){.name = OWN_USER, .uid = entry->pw_uid, .gid = entry->pw_gid};
	if (file)
		fclose(file);
}

/* Looking up supplementary groups would load plug-ins (nsswitch.conf(5)), which takes a millisecond; the users that are
 * the default have none. */
static int take_groups(const struct user *user)
{
	if (!*user->name || !strcmp(user->name, "nobody") || !strcmp(user->name, OWN_USER))
		return setgroups(1, &user->gid);
	return initgroups(user->name, user->gid);
}

/* Groups first: after the change of user the process may no longer change them. */
bool user_is_mapped(uid_t uid)
{
	FILE *map = fopen("/proc/self/uid_map", "re");
	unsigned int first, outside, count;
	bool found = !map;

	while (map && !found && fscanf(map, "%u %u %u", &first, &outside, &count) == 3)
		found = uid >= first && uid - first < count;
	if (map)
		fclose(map);
	return found;
}

int user_become(const struct user *user)
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
	ret = user ? user_become(user) : 0;
	if (ret)
		return ret;
	if (keep)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, (unsigned int)kept);
	if (capng_apply(CAPNG_SELECT_CAPS) || capng_apply(CAPNG_SELECT_AMBIENT))
		return -EPERM;
	return (!user || has_become(user)) && has_nothing_but(keep ? kept : -1, bounding) ? 0 : -EPERM;
}
