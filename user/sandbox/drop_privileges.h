/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DROP_PRIVILEGES_H
#define BPFSNIFF_DROP_PRIVILEGES_H

#include <sys/types.h>

/* Someone of passwd(5). */
struct user {
	const char *name;
	uid_t uid;
	gid_t gid;
};

/* Find a user by name, which is kept by pointer. 0, -ENOENT when there is none, or another -errno. */
int user_find(const char *name, struct user *user);

/*
 * Give up for good: every capability of every set but `kept` (below 0: none; it stays only if it was there), what
 * execve(2) could give, and with a user also one's own user, group and supplementary groups. The bounding set can be
 * emptied only with CAP_SETPCAP; without, no_new_privs makes it void. Verified afterwards. 0 or -errno, after which the
 * process must not go on.
 */
int drop_privileges(const struct user *user, int kept);

#endif
