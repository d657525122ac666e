/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CONFINE_H
#define BPFSNIFF_CONFINE_H

/* What a process is to do from now on; it gets what that needs and no more. */
enum role {
	ROLE_LIVE,     /* show packets of the kernel */
	ROLE_READ,     /* show packets of a file */
	ROLE_OPENER,   /* create and delete files in one directory, as the user that it is */
	ROLE_COMPILER, /* compile expressions, which looks up names */
};

struct confinement {
	enum role role;
	const char *user; /* to become; NULL: `nobody` when started by root, else the same as before. Not for openers */
	int directory;    /* of ROLE_OPENER */
};

/*
 * Give up every privilege for good: capabilities (capabilities(7)), the user, what execve(2) could give, files
 * (landlock(7)), and system calls (seccomp(2)). What is open stays open. 0, or -errno with `failed` saying what could
 * not be done; the process must not go on then.
 */
int confine(const struct confinement *confinement, const char **failed);

/* The same, with one line on standard error when it fails. */
int confine_or_explain(const struct confinement *confinement);

#endif
