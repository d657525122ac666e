/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats/stats_print.h"

#include "base/log.h"

void stats_print(const struct stats *stats, bool json)
{
	char text[STATS_TEXT_MAX];
	size_t length = json ? stats_json(stats, text) : stats_text(stats, text);

	log_show(NULL);
	/* One write, so that the lines stay together. */
	log_text(text, length);
}

static const char *frames_were(long long count)
{
	return count == 1 ? "frame was" : "frames were";
}

bool stats_add_up(const struct stats *stats)
{
	long long unjudged = stats_unjudged(stats), undelivered = stats_undelivered(stats);

	if (unjudged)
		log_line("%lld %s seen but neither accepted nor rejected", unjudged, frames_were(unjudged));
	if (undelivered)
		log_line("%lld %s accepted but neither delivered nor lost", undelivered, frames_were(undelivered));
	if (stats->counts_flows && (stats_uncounted_packets(stats) || stats_uncounted_bytes(stats))) {
		const long long packets = stats_uncounted_packets(stats), bytes = stats_uncounted_bytes(stats);

		log_line("%lld packet%s and %lld byte%s accepted but counted to no flow", packets,
			 packets == 1 ? "" : "s", bytes, bytes == 1 ? "" : "s");
		return false;
	}
	return !unjudged && !undelivered;
}
