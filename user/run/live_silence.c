/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/log.h"
#include "run/live_internal.h"

/* The option that shows what was rejected for the most frequent reason. Of each duplicate there is another copy with a
 * reason of its own. */
static const char *advice(const struct stats *stats)
{
	enum verdict most = VERDICT_DIRECTION;

	for (int i = VERDICT_DIRECTION; i < VERDICT_COUNT; i++)
		if (i != VERDICT_DUPLICATE && stats->verdict[i] > stats->verdict[most])
			most = (enum verdict)i;
	switch (most) {
	case VERDICT_LOOPBACK:
		return "--loopback keeps loopback traffic";
	case VERDICT_NOT_IP:
	case VERDICT_PROTOCOL:
		return "--protocol=all keeps every frame";
	default:
		return "--explain shows each, and why";
	}
}

void live_say_silence(void *context)
{
	const struct live *live = context;
	char reasons[STATS_TEXT_MAX];
	struct stats stats;

	if (live_stats_read(live, &stats))
		return;
	if (!stats.seen) {
		log_line("no packet in the first 3 seconds: nothing at all has come by; still listening");
		return;
	}
	if (!stats_reasons(&stats, reasons)) /* all were accepted, and lost */
		return;
	log_line("no packet in the first 3 seconds: seen %llu, rejected: %s; %s", (unsigned long long)stats.seen,
		 reasons, advice(&stats));
}
