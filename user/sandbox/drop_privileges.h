/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DROP_PRIVILEGES_H
#define BPFSNIFF_DROP_PRIVILEGES_H

#include <sys/types.h>

/* A user of passwd(5). */
struct user {
	const char *name; /* not owned; "": none */
	uid_t uid;
	gid_t gid;
};

/* Look up a user by name; *user keeps the pointer `name`. `nobody` is found even without an entry. 0, -ENOENT when
 * there is no such user, or another -errno. */
int user_find(const char *name, struct user *user);

/*
 * Give up for good: every capability in every set, except `kept` if the process has it (-1: none); privileges from
 * execve(2) (PR_SET_NO_NEW_PRIVS); and, with a user, the current user, group and supplementary groups. Emptying the
 * bounding set takes CAP_SETPCAP; without that, no_new_privs makes the set irrelevant. The result is verified. 0, or
 * -errno, after which the process must end.
 */
int drop_privileges(const struct user *user, int kept);

#endif
