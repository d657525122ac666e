/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_FDS_H
#define BPFSNIFF_RING_FDS_H

/* The descriptors of a ring are not below this, so that a filter of system calls (seccomp(2)) can tell them: a packet
 * socket that is written to sends frames. */
enum { RING_FD_MIN = 512 };

#endif
