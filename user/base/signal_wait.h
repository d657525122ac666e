/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SIGNAL_WAIT_H
#define BPFSNIFF_SIGNAL_WAIT_H

#include <stdbool.h>

/* The signals that end the program are blocked while it runs. Whoever must wait elsewhere than in the event loop asks
 * here whether one has come. */

/* Whether SIGINT, SIGTERM or SIGHUP is blocked and pending. */
bool signal_wait_ended(void);

/* Wait until one of `events` (poll(2)) happens to a descriptor, or it is closed. 0; or -ECANCELED when one of these
 * signals has been pending for half a second, and the wait too: what is quick is not given up. */
int signal_wait_events(int fd, short events);

#endif
