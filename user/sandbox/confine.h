/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CONFINE_H
#define BPFSNIFF_CONFINE_H

#include <stdbool.h>
#include <sys/types.h>

/* What a process does from now on. It keeps the privileges that this needs and no others. */
enum role {
	ROLE_LIVE,      /* show packets from the kernel */
	ROLE_READ,      /* show packets from a file */
	ROLE_OPENER,    /* create and delete files below one directory, without a change of user but for new files */
	ROLE_COMPILER,  /* compile expressions, which includes looking up names */
	ROLE_PUBLISHER, /* as ROLE_OPENER, but write and rename the files itself */
	ROLE_TOP,       /* as ROLE_LIVE, and read the keys of the terminal that standard input and output are */
};

struct confinement {
	enum role role;
	const char *user; /* to become, as for user_find(); NULL: the default for root, no change for others.
			     ROLE_OPENER and ROLE_PUBLISHER ignore it */
	int directory;    /* for those two: a descriptor, O_PATH will do; for helper processes of other roles -1 */
	bool creates_for; /* those two: their files belong to file_uid and file_gid */
	uid_t file_uid;
	gid_t file_gid;
};

/*
 * Give up for good: capabilities(7), the user, privileges from execve(2), access to files (landlock(7)), and system
 * calls (seccomp(2)). Keep processes of the same user out (PR_SET_DUMPABLE). Open descriptors stay open. 0, or -errno
 * with *failed naming the step that failed; the process must then end. Does nothing in a build with the address
 * sanitizer.
 */
int confine(const struct confinement *confinement, const char **failed);

/* As confine(), but also log a failure in one line. */
int confine_or_explain(const struct confinement *confinement);

#endif
