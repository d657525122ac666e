/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_HELPER_PROCESS_H
#define BPFSNIFF_HELPER_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

#include "sandbox/confine.h"

/* A second process that does for a powerless one what that cannot do itself, and nothing else. */
struct helper_process {
	int fd; /* a stream socket to it */
	pid_t pid;
};

/*
 * Fork a process that keeps nothing open but its end of the socket and the directory of its confinement (below 0:
 * none), is deaf to signals, confines itself and then calls serve(fd, context). It ends when serve() returns, which it
 * is to do at the end of the stream. 0 or -errno, also when it could not be confined.
 */
int helper_process_start(void (*serve)(int fd, void *context), void *context, const struct confinement *confinement,
			 struct helper_process **helper);

/* Exactly `size` bytes to or from the other end. 0, -EPIPE or -ECONNRESET when there is none any more, or another
 * -errno. */
int helper_process_send(int fd, const void *bytes, size_t size);
int helper_process_receive(int fd, void *bytes, size_t size);

/* Hang up, and wait until it has ended. Takes NULL. */
void helper_process_stop(struct helper_process *helper);

#endif
