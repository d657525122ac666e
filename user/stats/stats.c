/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats/stats.h"

#include <inttypes.h>

#include "base/text_builder.h"
#include "packet/verdict_names.h"

static uint64_t rejected(const struct stats *stats)
{
	uint64_t sum = 0;

	for (int i = VERDICT_ACCEPTED + 1; i < VERDICT_COUNT; i++)
		sum += stats->verdict[i];
	return sum;
}

int64_t stats_unjudged(const struct stats *stats)
{
	return (int64_t)(stats->seen - stats->verdict[VERDICT_ACCEPTED] - rejected(stats));
}

int64_t stats_undelivered(const struct stats *stats)
{
	return (int64_t)(stats->verdict[VERDICT_ACCEPTED] - stats->delivered - stats->lost);
}

int64_t stats_uncounted_packets(const struct stats *stats)
{
	return (int64_t)(stats->verdict[VERDICT_ACCEPTED] - stats->flows.packets - stats->flows.evicted_packets);
}

int64_t stats_uncounted_bytes(const struct stats *stats)
{
	return (int64_t)(stats->flows.accepted_bytes - stats->flows.bytes - stats->flows.evicted_bytes);
}

/* The term that makes a sum add up while the capture runs. */
static void append_in_flight(struct text_builder *line, int64_t frames)
{
	if (frames)
		text_builder_add(line, " + in flight %" PRId64, frames);
	text_builder_add(line, "\n");
}

static void append_reasons(struct text_builder *line, const struct stats *stats)
{
	const char *separator = "";

	for (int i = VERDICT_ACCEPTED + 1; i < VERDICT_COUNT; i++) {
		if (!stats->verdict[i])
			continue;
		text_builder_add(line, "%s%s %" PRIu64, separator, verdict_name(i), stats->verdict[i]);
		separator = ", ";
	}
}

size_t stats_reasons(const struct stats *stats, char text[STATS_TEXT_MAX])
{
	struct text_builder line = text_builder_begin(text, STATS_TEXT_MAX);

	append_reasons(&line, stats);
	return line.length;
}

/* "flows 3, evicted 1: accepted 10 = counted 8 + evicted 2; bytes 900 = counted 800 + evicted 100" */
static void append_flows(struct text_builder *line, const struct stats *stats)
{
	const struct stats_flows *flows = &stats->flows;
	const int64_t packets = stats_uncounted_packets(stats), bytes = stats_uncounted_bytes(stats);

	text_builder_add(line, "flows %" PRIu64, flows->count);
	if (flows->evicted)
		text_builder_add(line, ", evicted %" PRIu64, flows->evicted);
	text_builder_add(line, ": accepted %" PRIu64 " = counted %" PRIu64 " + evicted %" PRIu64,
			 stats->verdict[VERDICT_ACCEPTED], flows->packets, flows->evicted_packets);
	if (packets)
		text_builder_add(line, " + not read yet %" PRId64, packets);
	text_builder_add(line, "; bytes %" PRIu64 " = counted %" PRIu64 " + evicted %" PRIu64, flows->accepted_bytes,
			 flows->bytes, flows->evicted_bytes);
	if (bytes)
		text_builder_add(line, " + not read yet %" PRId64, bytes);
	text_builder_add(line, "\n");
}

size_t stats_text(const struct stats *stats, char text[STATS_TEXT_MAX])
{
	uint64_t accepted = stats->verdict[VERDICT_ACCEPTED];
	struct text_builder line = text_builder_begin(text, STATS_TEXT_MAX);

	text_builder_add(&line, "seen %" PRIu64 " = accepted %" PRIu64 " + rejected %" PRIu64, stats->seen, accepted,
			 rejected(stats));
	append_in_flight(&line, stats_unjudged(stats));
	if (rejected(stats)) {
		text_builder_add(&line, "rejected: ");
		append_reasons(&line, stats);
		text_builder_add(&line, "\n");
	}
	text_builder_add(&line, "accepted %" PRIu64 " = delivered %" PRIu64 " + lost %" PRIu64, accepted,
			 stats->delivered, stats->lost);
	append_in_flight(&line, stats_undelivered(stats));
	if (stats->evicted)
		text_builder_add(&line,
				 "flows forgotten %" PRIu64
				 ": their packets count from 1 again; --flow-table gives more room\n",
				 stats->evicted);
	if (stats->connections_evicted)
		text_builder_add(&line,
				 "connections forgotten %" PRIu64
				 ": their next segment was judged as a first one; --flow-table gives more room\n",
				 stats->connections_evicted);
	if (stats->connections_forgotten)
		text_builder_add(&line,
				 "connections forgotten %" PRIu64 ": their next segment was judged as a first one\n",
				 stats->connections_forgotten);
	if (stats->analyses_lost)
		text_builder_add(&line,
				 "analyses lost %" PRIu64
				 ": what was found of so many packets was gone when they were read\n",
				 stats->analyses_lost);
	if (stats->counts_flows)
		append_flows(&line, stats);
	if (stats->owners_evicted)
		text_builder_add(&line,
				 "owners forgotten %" PRIu64 ": the processes of so many flows are no longer known\n",
				 stats->owners_evicted);
	return line.length;
}

static struct json flows_member(struct json json, const struct stats_flows *flows)
{
	json = json_open(json, "flows", "{");
	json = json_number(json, "count", flows->count);
	json = json_number(json, "packets", flows->packets);
	json = json_number(json, "bytes", flows->bytes);
	json = json_number(json, "evicted", flows->evicted);
	json = json_number(json, "evicted_packets", flows->evicted_packets);
	json = json_number(json, "evicted_bytes", flows->evicted_bytes);
	return json_close(json, "}");
}

struct json stats_member(struct json json, const struct stats *stats)
{
	int64_t in_flight = stats_unjudged(stats) + stats_undelivered(stats);
	/* Of two tables of the same connections, the one that has forgotten more. */
	uint64_t forgotten = stats->connections_evicted > stats->connections_forgotten ? stats->connections_evicted
										       : stats->connections_forgotten;

	json = json_open(json, "statistics", "{");
	json = json_number(json, "seen", stats->seen);
	json = json_number(json, "accepted", stats->verdict[VERDICT_ACCEPTED]);
	json = json_open(json, "rejected", "{");
	for (int i = VERDICT_ACCEPTED + 1; i < VERDICT_COUNT; i++)
		json = json_number(json, verdict_name(i), stats->verdict[i]);
	json = json_close(json, "}");
	json = json_number(json, "delivered", stats->delivered);
	json = json_number(json, "lost", stats->lost);
	if (in_flight > 0)
		json = json_number(json, "in_flight", (uint64_t)in_flight);
	if (stats->evicted)
		json = json_number(json, "flows_forgotten", stats->evicted);
	if (forgotten)
		json = json_number(json, "connections_forgotten", forgotten);
	if (stats->analyses_lost)
		json = json_number(json, "analyses_lost", stats->analyses_lost);
	if (stats->counts_flows)
		json = flows_member(json, &stats->flows);
	if (stats->owners_evicted)
		json = json_number(json, "owners_forgotten", stats->owners_evicted);
	return json_close(json, "}");
}

size_t stats_json(const struct stats *stats, char text[STATS_TEXT_MAX])
{
	struct json json = json_end(stats_member(json_begin(text, STATS_TEXT_MAX - 1), stats));
	char *end = json_fits(json) ? json.at : text; /* the largest numbers fit */

	*end = '\0';
	return (size_t)(end - text);
}
