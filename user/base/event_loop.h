/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EVENT_LOOP_H
#define BPFSNIFF_EVENT_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Waits for descriptors, timers and signals, and calls the handler of each that is ready. */

/* What to call when a descriptor is ready. `events` is what poll(2) says of it: what was asked for, POLLERR, POLLHUP.
 */
typedef void event_handler(void *context, int fd, short events);

/* What to call when a signal has come. */
typedef void signal_handler(void *context, int signal);

struct event_loop {
	struct pollfd *fds; /* fd -1: removed */
	struct event *events;
	size_t count, size;
};

/* Wait for nothing yet. */
void event_loop_init(struct event_loop *loop);

/* Call `handler` whenever one of `events` (poll(2)) happens to a descriptor, which stays the caller's. Descriptors are
 * handled in the order in which they were added. A NULL handler only ends the wait. 0 or -ENOMEM. */
int event_loop_add(struct event_loop *loop, int fd, short events, event_handler *handler, void *context);

/* Forget a descriptor. Handlers may call this, also for their own; one that was not added is ignored. */
void event_loop_remove(struct event_loop *loop, int fd);

/* Call `handler` after `ns` nanoseconds of the monotonic clock, and with `repeat` again each time that they have
 * passed. 0 or -errno. */
int event_loop_add_timer(struct event_loop *loop, uint64_t ns, bool repeat, event_handler *handler, void *context);

/* Block `count` signals, and have `handler` called for each that comes from now on. 0 or -errno. */
int event_loop_add_signals(struct event_loop *loop, const int signals[], size_t count, signal_handler *handler,
			   void *context);

/* Wait for at most `timeout` ms (-1: no limit) and call the handlers of what is ready. How many were, 0 when nothing
 * was. */
int event_loop_wait(struct event_loop *loop, int timeout);

/* Close timers and signals, and forget the rest. Takes a zeroed struct too. */
void event_loop_release(struct event_loop *loop);

#endif
