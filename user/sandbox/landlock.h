/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LANDLOCK_H
#define BPFSNIFF_LANDLOCK_H

/*
 * Have the kernel refuse this process files from now on (landlock(7)); what is open stays open. Needs no_new_privs.
 * Each returns 0, also on a kernel without Landlock, where nothing happens, or -errno.
 */

/* Every file, TCP, and abstract sockets and signals of other processes. */
int landlock_allow_nothing(void);

/* As landlock_allow_nothing(), but regular files below a directory (a descriptor, O_PATH will do) may be created,
 * written and deleted. */
int landlock_allow_writing_below(int directory);

/* Nothing may be changed or executed. */
int landlock_allow_reading(void);

#endif
