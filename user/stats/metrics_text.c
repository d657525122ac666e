/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats/metrics_text.h"

#include <inttypes.h>

#include "base/text_builder.h"
#include "packet/verdict_names.h"

static void begin(struct text_builder *text, const char *name, const char *type, const char *help)
{
	text_builder_add(text, "# HELP bpfsniff_%s %s\n# TYPE bpfsniff_%s %s\n", name, help, name, type);
}

static void add_counter(struct text_builder *text, const char *name, const char *help, uint64_t value)
{
	begin(text, name, "counter", help);
	text_builder_add(text, "bpfsniff_%s %" PRIu64 "\n", name, value);
}

static void add_rejected(struct text_builder *text, const struct stats *stats)
{
	begin(text, "rejected_frames_total", "counter", "Frames that the filter has rejected, by reason.");
	for (int i = VERDICT_ACCEPTED + 1; i < VERDICT_COUNT; i++)
		text_builder_add(text, "bpfsniff_rejected_frames_total{reason=\"%s\"} %" PRIu64 "\n", verdict_name(i),
				 stats->verdict[i]);
}

static void add_flows(struct text_builder *text, const struct stats_flows *flows)
{
	add_counter(text, "flows_total", "Flows that were counted and not evicted.", flows->count);
	add_counter(text, "flow_packets_total", "Packets of these flows.", flows->packets);
	add_counter(text, "flow_bytes_total", "Bytes of their IP packets.", flows->bytes);
	add_counter(text, "evicted_flows_total", "Flows that the table had no room for.", flows->evicted);
	add_counter(text, "evicted_packets_total", "Packets of evicted flows.", flows->evicted_packets);
	add_counter(text, "evicted_bytes_total", "Bytes of the IP packets of evicted flows.", flows->evicted_bytes);
}

size_t metrics_text(const struct stats *stats, double start, char text[METRICS_TEXT_MAX])
{
	struct text_builder to = text_builder_begin(text, METRICS_TEXT_MAX);

	add_counter(&to, "seen_frames_total", "Frames that the kernel has shown to the filter.", stats->seen);
	add_counter(&to, "accepted_frames_total", "Frames that the filter has accepted.",
		    stats->verdict[VERDICT_ACCEPTED]);
	add_rejected(&to, stats);
	add_counter(&to, "delivered_frames_total", "Accepted frames that were handed to the output.", stats->delivered);
	add_counter(&to, "lost_frames_total", "Accepted frames that found the ring full.", stats->lost);
	if (stats->counts_flows)
		add_flows(&to, &stats->flows);
	begin(&to, "start_time_seconds", "gauge", "When the sniffer has started, in seconds since 1970.");
	text_builder_add(&to, "bpfsniff_start_time_seconds %.3f\n", start);
	return to.length;
}
