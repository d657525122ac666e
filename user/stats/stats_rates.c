/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats/stats_rates.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

void stats_rates_start(struct stats_rates *rates)
{
	*rates = (struct stats_rates){.time_ns = clock_monotonic_ns()};
}

static uint64_t per_second(uint64_t count, int64_t ns)
{
	return ns > 0 ? (uint64_t)((double)count * NSEC_PER_SEC / (double)ns + 0.5) : 0;
}

/* The rates since the last report, in place of counts. */
static struct stats_rates advance(struct stats_rates *last, const struct stats *stats)
{
	const struct stats_rates now = {
		.time_ns = clock_monotonic_ns(),
		.seen = stats->seen,
		.accepted = stats->verdict[VERDICT_ACCEPTED],
		.lost = stats->lost,
	};
	const int64_t ns = now.time_ns - last->time_ns;
	const struct stats_rates rates = {
		.seen = per_second(now.seen - last->seen, ns),
		.accepted = per_second(now.accepted - last->accepted, ns),
		.lost = per_second(now.lost - last->lost, ns),
	};

	*last = now;
	return rates;
}

void stats_rates_print(struct stats_rates *rates, const struct stats *stats)
{
	const struct stats_rates now = advance(rates, stats);
	time_t seconds = time(NULL);
	char clock[16] = "", text[128];
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	log_show(NULL);
	log_text(text, (size_t)snprintf(text, sizeof(text),
					"%s seen %" PRIu64 "/s accepted %" PRIu64 "/s lost %" PRIu64 "/s\n", clock,
					now.seen, now.accepted, now.lost));
}

void stats_rates_show(struct stats_rates *rates, const struct stats *stats)
{
	const struct stats_rates now = advance(rates, stats);
	char text[128];

	snprintf(text, sizeof(text), "seen %" PRIu64 "  accepted %" PRIu64 " (%" PRIu64 "/s)  lost %" PRIu64,
		 rates->seen, rates->accepted, now.accepted, rates->lost);
	log_show(text);
}
