/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LANDLOCK_H
#define BPFSNIFF_LANDLOCK_H

/*
 * Have the kernel deny this process access to files from now on (landlock(7)). Open descriptors stay usable. Needs
 * no_new_privs. Each function returns 0 or -errno; on a kernel without Landlock it does nothing and returns 0.
 */

/* Deny all access to files, TCP, and abstract sockets and signals of other processes, as far as this kernel can. */
int landlock_allow_nothing(void);

/* As landlock_allow_nothing(), but allow to create, write and delete regular files below a directory (a descriptor;
 * O_PATH will do; -1: none). */
int landlock_allow_writing_below(int directory);

/* Allow to read files and list directories, but not to change or execute any. */
int landlock_allow_reading(void);

#endif
