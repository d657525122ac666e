/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SECCOMP_FILTER_H
#define BPFSNIFF_SECCOMP_FILTER_H

#include "sandbox/confine.h"

/* Allow only the system calls that the role needs; any other kills the process (seccomp(2)). ROLE_COMPILER keeps all of
 * them, because nsswitch.conf(5) decides which ones a look-up of names makes. Needs no_new_privs. 0 or -errno. */
int seccomp_filter_load(enum role role);

#endif
