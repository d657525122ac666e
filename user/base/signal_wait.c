/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/signal_wait.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

enum {
	STEP_MS = 100, /* between two looks at the signals */
	PATIENCE = 5,  /* looks at which a signal is pending before the wait is given up */
};

bool signal_wait_ended(void)
{
	sigset_t pending;

	return !sigpending(&pending) &&
	       (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) || sigismember(&pending, SIGHUP));
}

int signal_wait_events(int fd, short events)
{
	struct pollfd ready = {.fd = fd, .events = events};
	int looks = 0;

	while (poll(&ready, 1, STEP_MS) <= 0) {
		looks = signal_wait_ended() ? looks + 1 : 0;
		if (looks >= PATIENCE)
			return -ECANCELED;
	}
	return 0;
}
