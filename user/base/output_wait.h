/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OUTPUT_WAIT_H
#define BPFSNIFF_OUTPUT_WAIT_H

/*
 * Writing to a pipe or a terminal with a slow reader. The signals that end the program are blocked while it runs, so
 * only the reader could end a write(2) that sleeps in the kernel.
 */

/* If standard output is a pipe or a terminal, give it an open file description of its own with O_NONBLOCK; processes
 * that share the old one, such as the shell, do not notice. Where this is not possible, nothing changes. */
void output_wait_prepare(void);

/*
 * After EAGAIN, wait until the descriptor is writable. 0, or -EINTR when it stays full for a second while SIGTERM or
 * SIGHUP is pending. SIGINT counts only in a process without a controlling terminal, such as one of a service: a user
 * who ends a capture with Ctrl-C in front of a pager wants to read on.
 */
int output_wait(int fd);

#endif
