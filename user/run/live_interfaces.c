/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/log.h"
#include "capture/link_events.h"
#include "run/live_internal.h"

/* The index of a socket in a ring, which is also the index of its interface; -1: not in this ring. */
static int place_of(const struct source *ring, int fd)
{
	int fds[CAPTURE_SOCKETS];
	size_t count = ring ? ring_fds(ring, fds, CAPTURE_SOCKETS) : 0;

	for (size_t i = 0; i < count; i++)
		if (fds[i] == fd)
			return (int)i;
	return -1;
}

/* The pipeline reads the frames after the wait; only errors are handled here. Both rings have the same interfaces. */
static void on_socket(void *context, int fd, short events)
{
	struct live *live = context;
	int place = place_of(live->ring, fd);

	if (place < 0)
		place = place_of(live->older_ring, fd);
	if (events & POLLERR && place >= 0)
		interface_watch_error(&live->watch, (size_t)place, fd);
}

int live_watch_ring(struct live *live, const struct source *ring)
{
	int fds[CAPTURE_SOCKETS], ret = 0;
	size_t count = ring_fds(ring, fds, CAPTURE_SOCKETS);

	for (size_t i = 0; i < count && !ret; i++)
		ret = event_loop_add(&live->pipeline.loop, fds[i], POLLIN, on_socket, live);
	if (ret)
		live_unwatch_ring(live, ring);
	return ret;
}

void live_unwatch_ring(struct live *live, const struct source *ring)
{
	int fds[CAPTURE_SOCKETS];
	size_t count = ring_fds(ring, fds, CAPTURE_SOCKETS);

	for (size_t i = 0; i < count; i++)
		event_loop_remove(&live->pipeline.loop, fds[i]);
}

static void on_watch(void *context, int fd, short events)
{
	struct live *live = context;
	int any_socket = -1;

	(void)fd;
	(void)events;
	ring_fds(live->ring, &any_socket, 1);
	if (!interface_watch_look(&live->watch, any_socket))
		pipeline_stop(&live->pipeline, PIPELINE_GONE);
}

static void on_link_events(void *context, int fd, short events)
{
	struct live *live = context;
	int any_socket = -1;

	(void)events;
	link_events_read(fd, &live->log.interfaces);
	ring_fds(live->ring, &any_socket, 1);
	interface_watch_learn_names(&live->watch, any_socket);
}

int live_watch_interfaces(struct live *live)
{
	int ret = interface_watch_init(&live->watch, live->interfaces, live->ring_options.ifindexes,
				       live->ring_options.count);

	if (!ret)
		ret = event_loop_add(&live->pipeline.loop, live->watch.timer_fd, POLLIN, on_watch, live);
	if (!ret && live->link_events_fd < 0)
		ret = live->link_events_fd;
	if (!ret)
		ret = event_loop_add(&live->pipeline.loop, live->link_events_fd, POLLIN, on_link_events, live);
	if (ret)
		log_line("cannot watch the interfaces: %s", strerror(-ret));
	return ret;
}
