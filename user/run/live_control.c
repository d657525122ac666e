/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "capture/filter_swap.h"
#include "run/live_internal.h"
#include "stats/status_report.h"

/* How long rings are kept for a client that has asked for a change and then brings no filter. */
#define KEEP_RINGS_NS (5LL * NSEC_PER_SEC)

_Static_assert((int)CAPTURE_SOCKETS <= (int)CONTROL_INTERFACES, "a message has room for every interface");

static void status(void *context, bool json, struct control_message *reply)
{
	struct live *live = context;
	const char *interfaces[CAPTURE_SOCKETS];
	struct stats stats;
	const struct status_report report = {
		.stats = &stats,
		.filter = live->filter_text,
		.filter_since = live->filter_since,
		.interfaces = interfaces,
		.interface_count = live->ring_options.count,
		.output = option_output_name(live->options),
		.headers = kernel_filter_reading(live->filter),
	};

	reply->status = live_flows_read(live);
	if (!reply->status)
		reply->status = live_stats_read(live, &stats);
	if (reply->status) {
		control_set_text(reply, "cannot read the statistics from the kernel");
		return;
	}
	for (size_t i = 0; i < live->ring_options.count; i++)
		interfaces[i] = live->interfaces[i];
	reply->text_length = (uint32_t)status_report(&report, json, reply->text, sizeof(reply->text));
}

/* The client has died, or its filter could not be loaded. */
static void put_rings_away(void *context, int fd, short events)
{
	struct live *live = context;
	int64_t left = live->asked_ns + KEEP_RINGS_NS - clock_monotonic_ns();

	(void)fd;
	(void)events;
	live->awaits_filter =
		left > 0 && !event_loop_add_timer(&live->pipeline.loop, (uint64_t)left, false, put_rings_away, live);
	if (!live->awaits_filter)
		ring_spares_put_away(live->spares);
}

/* Returns as ring_spares_prepare(). */
static int prepare_rings(struct live *live)
{
	live->asked_ns = clock_monotonic_ns();
	if (!live->awaits_filter)
		live->awaits_filter =
			!event_loop_add_timer(&live->pipeline.loop, KEEP_RINGS_NS, false, put_rings_away, live);
	return ring_spares_prepare(live->spares);
}

static void prepare(void *context, struct control_message *reply, struct message_fds *fds)
{
	struct live *live = context;
	const struct ring_options *ring = &live->ring_options;

	if (!live->pipeline.offline && !live->older_filter)
		(void)prepare_rings(live); /* while the client loads its filter; what fails is said when it brings it */
	reply->generation = kernel_filter_generation(live->filter);
	reply->snaplen = live->options->copies ? live->log.snaplen : 0;
	reply->first = live->first;
	reply->flow_table_size = live->flow_table_size;
	reply->told_room = live->options->spec.told_room;
	reply->own_session = live->options->spec.config.own_session;
	reply->interface_count = (uint32_t)ring->count;
	memcpy(reply->ifindexes, ring->ifindexes, ring->count * sizeof(*ring->ifindexes));
	fds->fds[CONTROL_TURN] = kernel_filter_part(live->filter, KERNEL_FILTER_TURN);
	fds->fds[CONTROL_NOTED_TURN] = kernel_filter_part(live->filter, KERNEL_FILTER_NOTED_TURN);
	fds->fds[CONTROL_FLOWS] = kernel_filter_part(live->filter, KERNEL_FILTER_FLOWS);
	fds->fds[CONTROL_DATAGRAMS] = kernel_filter_part(live->filter, KERNEL_FILTER_DATAGRAMS);
	fds->fds[CONTROL_CONNECTIONS] = kernel_filter_part(live->filter, KERNEL_FILTER_CONNECTIONS);
	fds->fds[CONTROL_TOLD] = kernel_filter_part(live->filter, KERNEL_FILTER_TOLD);
	fds->fds[CONTROL_NETNS] = live->netns_fd;
	fds->count = CONTROL_PREPARE_FDS;
	if (live->owner) {
		owner_maps(live->owner, &fds->fds[fds->count]);
		fds->count += OWNER_MAPS;
	}
	if (live->kernel_flows) {
		kernel_flows_fds(live->kernel_flows, &fds->fds[fds->count]);
		fds->count += KERNEL_FLOWS_FDS;
	}
}

static int refuse(struct control_message *reply, int error, const char *why)
{
	char text[256];

	snprintf(text, sizeof(text), error == -EOPNOTSUPP ? "%s" : "%s: %s", why, strerror(-error));
	control_set_text(reply, text);
	return error;
}

/* The last frame that the older filter accepted has been delivered: print the line between it and the next frame. */
static void handed_over(void *context, uint64_t missing)
{
	struct live *live = context;
	int ret = live->owner ? owner_choose(live->owner, &live->who, kernel_filter_generation(live->filter)) : 0;

	pipeline_flush(&live->pipeline);
	if (ret)
		log_line("cannot look for the processes to choose: %s", strerror(-ret));
	if (missing)
		log_line("%llu frames that the old filter accepted did not arrive", (unsigned long long)missing);
	log_line("filter changed to: %s", *live->filter_text ? live->filter_text : "(the default)");
	pipeline_filter_changed(&live->pipeline, live->filter_text);
	tcp_report_filter_changed(&live->tcp);
	live_unwatch_ring(live, live->older_ring);
	ring_spares_give_back(live->spares, live->older_ring);
	kernel_filter_close(live->older_filter);
	live->older_ring = NULL;
	live->older_filter = NULL;
}

/* Whatever can fail comes before the swap, which puts the newer filter in force. */
static int swap(struct live *live, bool shares_flows, struct kernel_filter *newer, struct source *newer_ring)
{
	int ret = live_watch_ring(live, newer_ring);

	if (ret)
		return ret;
	ret = filter_swap(live->filter, newer, newer_ring);
	if (!ret)
		ret = live_stats_retire(live, newer, shares_flows);
	if (ret)
		live_unwatch_ring(live, newer_ring);
	return ret;
}

static int put_in_force(struct live *live, const struct control_message *message, struct kernel_filter *newer,
			struct source *newer_ring)
{
	bool shares_flows = message->first && message->first == live->first;
	char *text = strdup(message->text);
	int ret = text ? swap(live, shares_flows, newer, newer_ring) : -ENOMEM;

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
	live->who = message->who;
	live->flow_table_size = message->flow_table_size;
	/* What the older filter has accepted is judged by the older choice. What cannot be read now will be in the next
	 * period. */
	if (live->owner)
		(void)live_flows_read(live);
	live->relay.handed_over = handed_over;
	live->relay.context = live;
	source_relay_change(&live->relay, newer_ring,
			    live->options->copies
				    ? live->past.verdict[VERDICT_ACCEPTED] - live->past.lost - live->log.delivered
				    : 0);
	return 0;
}

/* The filter comes with the message, the rings are ready. What is taken over is taken out of *fds. */
static int adopt(struct live *live, const struct control_message *message, struct message_fds *fds,
		 struct control_message *reply)
{
	struct kernel_filter *newer;
	struct source *newer_ring;
	int ret = kernel_filter_adopt(fds->fds, live->filter, &newer);

	if (ret)
		return refuse(reply, ret, "cannot take over the new filter");
	fds->count = 0;
	ret = ring_spares_take(live->spares, &live->log, &newer_ring);
	if (ret) {
		kernel_filter_close(newer);
		return refuse(reply, ret, "cannot use the rings for the new filter");
	}
	ret = put_in_force(live, message, newer, newer_ring);
	if (ret) {
		kernel_filter_close(newer);
		ring_spares_give_back(live->spares, newer_ring);
		return refuse(reply, ret, "cannot put the new filter in force");
	}
	return 0;
}

static int install(void *context, const struct control_message *message, struct message_fds *fds,
		   struct control_message *reply)
{
	struct live *live = context;
	int ret;

	if (fds->count != KERNEL_FILTER_PARTS)
		return refuse(reply, -EPROTO, "the request lacks parts of the filter");
	if (message->generation != kernel_filter_generation(live->filter))
		return refuse(reply, -EAGAIN, "another client has changed the filter in the meantime");
	if (!process_choice_is_valid(&message->who))
		return refuse(reply, -EPROTO, "the request has no valid choice of processes");
	if (process_choice_is_made(&message->who) && !live->owner)
		return refuse(
			reply, -EOPNOTSUPP,
			"this sniffer cannot filter by process, because it was started without --owner or --process; "
			"restart it with one of them");
	if (process_choice_is_made(&message->who) && live->kernel_flows && live->options->copies)
		return refuse(reply, -EOPNOTSUPP, "a sniffer that counts flows beside packets cannot choose processes");
	if (live->pipeline.offline)
		return refuse(reply, -EOPNOTSUPP, "a sniffer with --explain has no filter in the kernel");
	if (live->older_filter)
		return refuse(reply, -EBUSY, "another change is still in progress");
	ret = prepare_rings(live);
	if (ret)
		return refuse(reply, ret == -EAGAIN ? -EBUSY : ret, "cannot set up the rings for a new filter");
	return adopt(live, message, fds, reply);
}

const struct control_handlers live_control_handlers = {
	.status = status,
	.prepare = prepare,
	.install = install,
};
