/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SECCOMP_FILTER_H
#define BPFSNIFF_SECCOMP_FILTER_H

#include "sandbox/confine.h"

/* Leave this process the system calls that its role needs; any other kills it (seccomp(2)). A compiler of expressions
 * keeps all: which ones a look-up of names needs, nsswitch.conf(5) decides. Needs no_new_privs. 0 or -errno. */
int seccomp_filter_load(enum role role);

#endif
