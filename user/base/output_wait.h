/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OUTPUT_WAIT_H
#define BPFSNIFF_OUTPUT_WAIT_H

/*
 * Writing to a pipe or a terminal whose other end takes its time. The signals that end the program are blocked while it
 * runs, so a write(2) that sleeps in the kernel could not be ended by anything else than the reader.
 */

/* Give standard output, if it is a pipe or a terminal, an open file description of its own on which writes do not
 * sleep. Whoever shares the old one, the shell for instance, is not disturbed. */
void output_wait_prepare(void);

/*
 * Wait until the descriptor takes bytes again, after EAGAIN. 0; -EINTR when it takes none for a second and SIGTERM or
 * SIGHUP is pending. SIGINT waits: who ends a capture in front of a pager wants to read on.
 */
int output_wait(int fd);

#endif
