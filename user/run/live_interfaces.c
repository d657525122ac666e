/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/log.h"
#include "run/live_internal.h"

void live_watch(struct live *live)
{
	struct pipeline *pipeline = &live->pipeline;
	size_t count = ring_fds(live->ring, pipeline->fds, PIPELINE_FDS);

	if (live->older_ring)
		count += ring_fds(live->older_ring, pipeline->fds + count, PIPELINE_FDS - count);
	pipeline->fd_count = count;
}

static void take_error(void *context, size_t index)
{
	struct live *live = context;

	/* Those of a second ring have the same interfaces. */
	interface_watch_error(&live->watch, index % live->ring_options.count, live->pipeline.fds[index]);
}

static bool watch(void *context)
{
	struct live *live = context;

	return interface_watch_look(&live->watch, live->pipeline.fds[0]);
}

int live_watch_interfaces(struct live *live)
{
	int ret = interface_watch_init(&live->watch, live->interfaces, live->ring_options.ifindexes,
				       live->ring_options.count);

	if (ret)
		log_line("the interfaces cannot be watched: %s", strerror(-ret));
	live->pipeline.take_error = take_error;
	live->pipeline.watch = watch;
	live->pipeline.watch_fd = live->watch.timer_fd;
	return ret;
}
