/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "capture/filter_swap.h"
#include "run/live_internal.h"
#include "stats/status_report.h"

static void status(void *context, bool json, struct control_message *reply)
{
	const struct live *live = context;
	struct stats stats;

	reply->status = live_stats_read(live, &stats);
	if (reply->status) {
		control_set_text(reply, "the kernel does not tell the statistics");
		return;
	}
	live_stats_settle(live, &stats);
	reply->text_length = (uint32_t)status_report(live, &stats, json, reply->text, sizeof(reply->text));
}

static void prepare(void *context, struct control_message *reply, int fds[CONTROL_PREPARE_FDS])
{
	const struct live *live = context;
	const struct ring_options *ring = &live->ring_options;

	reply->generation = kernel_filter_generation(live->filter);
	reply->snaplen = live->log.snaplen;
	reply->first = live->first;
	reply->flow_table_size = live->flow_table_size;
	reply->buffer_size = ring->buffer_size;
	reply->patient = ring->patient;
	reply->promiscuous = ring->promiscuous;
	reply->own_session = live->options->spec.config.own_session;
	reply->interface_count = (uint32_t)ring->count;
	memcpy(reply->ifindexes, ring->ifindexes, ring->count * sizeof(*ring->ifindexes));
	fds[CONTROL_TURN] = kernel_filter_part(live->filter, KERNEL_FILTER_TURN);
	fds[CONTROL_NOTED_TURN] = kernel_filter_part(live->filter, KERNEL_FILTER_NOTED_TURN);
	fds[CONTROL_FLOWS] = kernel_filter_part(live->filter, KERNEL_FILTER_FLOWS);
	fds[CONTROL_DATAGRAMS] = kernel_filter_part(live->filter, KERNEL_FILTER_DATAGRAMS);
	fds[CONTROL_NETNS] = live->netns_fd;
}

static int refuse(struct control_message *reply, int error, const char *why)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %s", why, strerror(-error));
	control_set_text(reply, text);
	return error;
}

/* The last frame that the older filter accepted has gone out: the news stand between it and the next. */
static void handed_over(void *context, uint64_t missing)
{
	struct live *live = context;

	pipeline_flush(&live->pipeline);
	if (missing)
		log_line("%llu frames that the kernel accepted did not come: this is a bug",
			 (unsigned long long)missing);
	log_line("filter changed to: %s", *live->filter_text ? live->filter_text : "(the default)");
	pipeline_filter_changed(&live->pipeline, live->filter_text);
	ring_close(live->older_ring);
	kernel_filter_close(live->older_filter);
	live->older_ring = NULL;
	live->older_filter = NULL;
	live_watch(live);
}

static int put_in_force(struct live *live, const struct control_message *message, struct kernel_filter *newer,
			struct source *newer_ring)
{
	bool shares_flows = message->first && message->first == live->first;
	char *text = strdup(message->text);
	int ret = text ? filter_swap(live->filter, live->ring, newer, newer_ring) : -ENOMEM;

	if (!ret)
		ret = live_stats_retire(live, shares_flows);
	if (ret) {
		free(text);
		return ret;
	}
	live->older_filter = live->filter;
	live->older_ring = live->ring;
	live->filter = newer;
	live->ring = newer_ring;
	free(live->filter_text);
	live->filter_text = text;
	live->filter_since = (int64_t)time(NULL);
	live->first = message->first;
	live->flow_table_size = message->flow_table_size;
	live->relay.handed_over = handed_over;
	live->relay.context = live;
	source_relay_change(&live->relay, newer_ring,
			    live->past.verdict[VERDICT_ACCEPTED] - live->past.lost - live->log.delivered);
	live_watch(live);
	return 0;
}

/* What arrived is taken over here, piece by piece. */
static int adopt(struct live *live, const struct control_message *message, const int fds[],
		 struct control_message *reply)
{
	const int *sockets = fds + KERNEL_FILTER_PARTS;
	size_t count = live->ring_options.count;
	struct kernel_filter *newer;
	struct source *newer_ring;
	int ret = ring_open(sockets, &live->ring_options, &live->log, &newer_ring);

	if (ret) {
		control_close_fds(fds, KERNEL_FILTER_PARTS + count);
		return refuse(reply, ret, "the new filter's sockets are of no use");
	}
	ret = kernel_filter_adopt(fds, live->filter, &newer);
	if (ret) {
		control_close_fds(fds, KERNEL_FILTER_PARTS);
		ring_close(newer_ring);
		return refuse(reply, ret, "the new filter cannot be taken over");
	}
	ret = put_in_force(live, message, newer, newer_ring);
	if (ret) {
		kernel_filter_close(newer);
		ring_close(newer_ring);
		return refuse(reply, ret, "the new filter cannot be put in force");
	}
	return 0;
}

static int install(void *context, const struct control_message *message, const int fds[], size_t count,
		   struct control_message *reply)
{
	struct live *live = context;
	int ret = 0;

	if (count != KERNEL_FILTER_PARTS + live->ring_options.count)
		ret = refuse(reply, -EPROTO, "a filter and a socket for each interface are wanted");
	else if (message->generation != kernel_filter_generation(live->filter))
		ret = refuse(reply, -EAGAIN, "the filter has been changed meanwhile");
	else if (live->pipeline.offline)
		ret = refuse(reply, -EOPNOTSUPP, "with --explain the filter is not in the kernel");
	else if (live->older_filter)
		ret = refuse(reply, -EBUSY, "the output of another change is under way");
	if (!ret)
		return adopt(live, message, fds, reply);
	control_close_fds(fds, count);
	return ret;
}

const struct control_handlers live_control_handlers = {
	.status = status,
	.prepare = prepare,
	.install = install,
};
