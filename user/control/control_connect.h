/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CONTROL_CONNECT_H
#define BPFSNIFF_CONTROL_CONNECT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Connect to the sniffer that is a process, in this network namespace, and fill in the user who started it, as the
 * kernel knows them (SO_PEERCRED, unix(7)). Returns a descriptor, on which no call takes longer than `seconds`;
 * -ECONNREFUSED when the process does not listen as a sniffer; -ETIMEDOUT when it accepts nobody for so long; or
 * another -errno.
 */
int control_connect(pid_t pid, int seconds, uid_t *user);

/* Whether a sniffer that a user has started is to be believed: it is root's or this process's user's. */
bool control_is_trusted(uid_t user);

/* Whether it answers this process: it answers root, and the user who started it. */
bool control_answers(uid_t user);

#endif
