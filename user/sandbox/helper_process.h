/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_HELPER_PROCESS_H
#define BPFSNIFF_HELPER_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

#include "sandbox/confine.h"

/* A second process, which does one thing that its confined parent can no longer do itself. */
struct helper_process {
	int fd; /* a stream socket to the process */
	pid_t pid;
	int end_fd; /* readable when the process has ended (pidfd_open(2)); -1: the kernel has no such call */
};

/*
 * Fork a process that closes every descriptor but its end of the socket and confinement->directory (-1: none), blocks
 * all signals, confines itself and then calls serve(fd, context). serve() returns at the end of the stream, and the
 * process ends. 0 or -errno, also when the process could not be confined.
 */
int helper_process_start(void (*serve)(int fd, void *context), void *context, const struct confinement *confinement,
			 struct helper_process **helper);

/* Send or receive exactly `size` bytes. 0, -EPIPE or -ECONNRESET when the other end is closed, or another -errno. */
int helper_process_send(int fd, const void *bytes, size_t size);
int helper_process_receive(int fd, void *bytes, size_t size);

/* Close the socket and free the handle, without waiting for the process. Takes NULL. */
void helper_process_abandon(struct helper_process *helper);

/* Close the socket, wait until the process has ended, and free the handle. A process that does not end is left behind
 * when SIGINT, SIGTERM or SIGHUP has been pending for half a second. Takes NULL. */
void helper_process_stop(struct helper_process *helper);

#endif
