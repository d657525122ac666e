/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats/stats_print.h"

#include <stdio.h>

#include "base/log.h"

void stats_print(const struct stats *stats, bool json)
{
	char text[STATS_TEXT_MAX];
	size_t length = json ? stats_json(stats, text) : stats_text(stats, text);

	log_show(NULL);
	/* One write, so that the lines stay together. */
	fwrite(text, 1, length, stderr);
}

bool stats_add_up(const struct stats *stats)
{
	long long unjudged = stats_unjudged(stats), undelivered = stats_undelivered(stats);

	if (unjudged)
		log_line("%lld frames were seen but neither accepted nor rejected", unjudged);
	if (undelivered)
		log_line("%lld frames were accepted but neither delivered nor lost", undelivered);
	return !unjudged && !undelivered;
}
