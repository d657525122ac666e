/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DROP_PRIVILEGES_H
#define BPFSNIFF_DROP_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

/* A user to become. */
struct user {
	char name[256]; /* whose supplementary groups are taken; "": none but `gid` */
	uid_t uid;
	gid_t gid;
};

/* Look up USER or USER:GROUP, each by name or number. With a group, the user has no other, and a number needs no entry
 * in passwd(5). `nobody` is found even without an entry. 0, -ENOENT when there is no such user or group, or another
 * -errno. */
int user_find(const char *word, struct user *user);

/* The user to become where none is named: that of the Debian package if it is there, else `nobody`. */
void user_find_default(struct user *user);

/* Whether this user namespace has the user (user_namespaces(7)): in a small one, root cannot become anybody else. */
bool user_is_mapped(uid_t uid);

/* Become a user, and take his groups. 0 or -errno. */
int user_become(const struct user *user);

/*
 * Give up for good: every capability in every set, except `kept` if the process has it (-1: none); privileges from
 * execve(2) (PR_SET_NO_NEW_PRIVS); and, with a user, the current user, group and supplementary groups. Emptying the
 * bounding set takes CAP_SETPCAP; without that, no_new_privs makes the set irrelevant. The result is verified. 0, or
 * -errno, after which the process must end.
 */
int drop_privileges(const struct user *user, int kept);

#endif
