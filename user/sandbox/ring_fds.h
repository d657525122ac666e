/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_FDS_H
#define BPFSNIFF_RING_FDS_H

/* Packet sockets get descriptors from this number on, so that a seccomp(2) filter can recognise them and deny writes:
 * writing to a packet socket sends frames. */
enum { RING_FD_MIN = 512 };

#endif
