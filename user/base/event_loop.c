/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/event_loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/time_units.h"

enum kind { DESCRIPTOR, TIMER, SIGNALS };

struct event {
	enum kind kind; /* the loop's own, but for DESCRIPTOR */
	event_handler *handler;
	signal_handler *on_signal;
	void *context;
	bool once; /* of a timer */
};

void event_loop_init(struct event_loop *loop)
{
	*loop = (struct event_loop){0};
}

static int grow(struct event_loop *loop)
{
	size_t size = loop->size ? loop->size * 2 : 16;
	struct pollfd *fds = reallocarray(loop->fds, size, sizeof(*fds));
	struct event *events;

	if (!fds)
		return -ENOMEM;
	loop->fds = fds;
	events = reallocarray(loop->events, size, sizeof(*events));
	if (!events)
		return -ENOMEM;
	loop->events = events;
	loop->size = size;
	return 0;
}

static int add(struct event_loop *loop, int fd, short events, const struct event *event)
{
	if (loop->count == loop->size && grow(loop))
		return -ENOMEM;
	loop->fds[loop->count] = (struct pollfd){.fd = fd, .events = events};
	loop->events[loop->count++] = *event;
	return 0;
}

int event_loop_add(struct event_loop *loop, int fd, short events, event_handler *handler, void *context)
{
	return add(loop, fd, events, &(struct event){DESCRIPTOR, handler, NULL, context, false});
}

/* Add a descriptor that is the loop's own; it is closed when that fails. */
static int add_own(struct event_loop *loop, int fd, const struct event *event)
{
	int ret = fd < 0 ? -errno : add(loop, fd, POLLIN, event);

	if (ret && fd >= 0)
		close(fd);
	return ret;
}

int event_loop_add_timer(struct event_loop *loop, uint64_t ns, bool repeat, event_handler *handler, void *context)
{
	const struct timespec time = {.tv_sec = (time_t)(ns / NSEC_PER_SEC), .tv_nsec = (long)(ns % NSEC_PER_SEC)};
	const struct itimerspec timer = {.it_value = time, .it_interval = repeat ? time : (struct timespec){0}};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), ret;

	if (fd >= 0 && timerfd_settime(fd, 0, &timer, NULL)) {
		ret = -errno;
		close(fd);
		return ret;
	}
	return add_own(loop, fd, &(struct event){TIMER, handler, NULL, context, !repeat});
}

int event_loop_add_signals(struct event_loop *loop, const int signals[], size_t count, signal_handler *handler,
			   void *context)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < count; i++)
		sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	return add_own(loop, signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
		       &(struct event){SIGNALS, NULL, handler, context, false});
}

void event_loop_remove(struct event_loop *loop, int fd)
{
	for (size_t i = 0; i < loop->count; i++)
		if (loop->fds[i].fd == fd && loop->events[i].kind == DESCRIPTOR)
			loop->fds[i].fd = -1;
}

/* Close the gaps that were left while handlers ran. */
static void close_gaps(struct event_loop *loop)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->count; i++) {
		if (loop->fds[i].fd < 0)
			continue;
		loop->fds[kept] = loop->fds[i];
		loop->events[kept++] = loop->events[i];
	}
	loop->count = kept;
}

static void handle_signals(const struct event *event, int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == sizeof(info))
		event->on_signal(event->context, (int)info.ssi_signo);
}

/* The event is copied: a handler may add others, which moves it. */
static void handle(struct event_loop *loop, size_t index)
{
	const struct event event = loop->events[index];
	int fd = loop->fds[index].fd;
	short events = loop->fds[index].revents;
	uint64_t times;

	if (event.kind == SIGNALS)
		handle_signals(&event, fd);
	else if (event.handler && (event.kind != TIMER || read(fd, &times, sizeof(times)) == sizeof(times)))
		event.handler(event.context, fd, events);
	if (event.once) {
		close(fd);
		loop->fds[index].fd = -1;
	}
}

int event_loop_wait(struct event_loop *loop, int timeout)
{
	size_t count;
	int ready;

	close_gaps(loop);
	count = loop->count;
	ready = poll(loop->fds, count, timeout);
	for (size_t i = 0; ready > 0 && i < count; i++)
		if (loop->fds[i].fd >= 0 && loop->fds[i].revents)
			handle(loop, i);
	return ready > 0 ? ready : 0;
}

void event_loop_release(struct event_loop *loop)
{
	for (size_t i = 0; i < loop->count; i++)
		if (loop->events[i].kind != DESCRIPTOR && loop->fds[i].fd >= 0)
			close(loop->fds[i].fd);
	free(loop->fds);
	free(loop->events);
	*loop = (struct event_loop){0};
}
