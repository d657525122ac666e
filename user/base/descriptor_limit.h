/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DESCRIPTOR_LIMIT_H
#define BPFSNIFF_DESCRIPTOR_LIMIT_H

/* Raise the soft limit of file descriptors to the hard one (RLIMIT_NOFILE, getrlimit(2)). Where that fails, the limit
 * stays as it was, and whoever meets it says so. */
void descriptor_limit_raise(void);

#endif
