/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INVOKING_USER_H
#define BPFSNIFF_INVOKING_USER_H

#include <stdbool.h>

/*
 * Whether the user who started this program could read the open file `fd` under its path by himself: without what the
 * program has from setuid or file capabilities(7), and without sudo(8), doas(1) or pkexec(1). A message may quote such
 * a file only then. False also when that cannot be told.
 */
bool invoking_user_may_read(const char *path, int fd);

/* Become that user for good, with his home directory and name in the environment; nothing changes for who is none but
 * himself. 0 or -errno, after which the process must end. */
int invoking_user_become(void);

#endif
