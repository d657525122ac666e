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

#endif
