/* SPDX-License-Identifier: BSD-2-Clause */

#include "run/live_internal.h"

static uint64_t evicted_from_table(const struct live *live, uint64_t flows_added)
{
	uint64_t added = live->past.flows_added + flows_added, left;

	if (!added)
		return 0;
	left = kernel_filter_flow_count(live->filter, KERNEL_FILTER_FLOWS);
	return added > left ? added - left : 0; /* a flow may have been added since */
}

/* The table is read only when it may have been full: an LRU map of the kernel gives up entries before that, but not
 * while it is half empty. */
static uint64_t connections_evicted(const struct live *live, uint64_t connections_added)
{
	uint64_t added = live->past.connections_added + connections_added, left;

	if (added <= live->flow_table_size / 2)
		return 0;
	left = kernel_filter_flow_count(live->filter, KERNEL_FILTER_CONNECTIONS);
	return added > left ? added - left : 0;
}

/* The socket's count is read first: a frame that is lost meanwhile is accepted already, and still in flight. */
static int read_kernel(const struct live *live, struct stats *stats)
{
	struct kernel_filter_counts counts;
	uint64_t unchosen;
	int ret;

	stats->lost = live->past.lost + ring_lost(live->ring);
	ret = kernel_filter_read(live->filter, &counts);
	if (ret)
		return ret;
	stats->seen = live->past.seen + counts.seen - live->discarded;
	for (int i = 0; i < VERDICT_COUNT; i++)
		stats->verdict[i] = live->past.verdict[i] + counts.verdict[i];
	flow_report_stats(&live->flows, stats);
	unchosen = live->pipeline.unwanted + stats->flows.unwanted_packets;
	stats->verdict[VERDICT_ACCEPTED] -= live->discarded + unchosen;
	stats->verdict[VERDICT_PROCESS] += unchosen;
	stats->evicted = live->past.flows_evicted + evicted_from_table(live, counts.flows_added);
	stats->connections_evicted =
		live->past.connections_evicted + connections_evicted(live, counts.connections_added);
	stats->flows.accepted_bytes = live->past.accepted_bytes + counts.accepted_bytes - stats->flows.unwanted_bytes;
	return 0;
}

int live_stats_read(const struct live *live, struct stats *stats)
{
	int ret = read_kernel(live, stats);

	stats->connections_forgotten = tcp_report_forgotten(&live->tcp);
	stats->analyses_lost = tcp_report_lost(&live->tcp);
	stats->owners_evicted = live->owner ? owner_evicted(live->owner) : 0;
	stats->delivered = live->options->copies ? live->pipeline.delivered : stats->verdict[VERDICT_ACCEPTED];
	if (ret || !live->pipeline.offline)
		return ret;
	stats->verdict[VERDICT_ACCEPTED] = stats->lost;
	for (int i = 0; i < VERDICT_COUNT; i++)
		stats->verdict[i] += live->offline.counts[i];
	offline_filter_evicted(&live->offline, &stats->evicted, &stats->connections_evicted);
	return 0;
}

int live_stats_retire(struct live *live, const struct kernel_filter *newer, bool shares_flows)
{
	struct past_filters *past = &live->past;
	struct kernel_filter_counts counts;
	int ret = kernel_filter_read(live->filter, &counts);

	if (ret)
		return ret;
	past->seen += counts.seen;
	for (int i = 0; i < VERDICT_COUNT; i++)
		past->verdict[i] += counts.verdict[i];
	past->lost += ring_lost(live->ring);
	past->accepted_bytes += counts.accepted_bytes;
	past->unplaced_packets += counts.unplaced_packets;
	past->unplaced_bytes += counts.unplaced_bytes;
	if (shares_flows) {
		past->flows_added += counts.flows_added;
	} else {
		past->flows_evicted += evicted_from_table(live, counts.flows_added);
		past->flows_added = 0;
	}
	if (kernel_filter_shares(live->filter, newer, KERNEL_FILTER_CONNECTIONS)) {
		past->connections_added += counts.connections_added;
	} else {
		past->connections_evicted += connections_evicted(live, counts.connections_added);
		past->connections_added = 0;
	}
	return 0;
}
