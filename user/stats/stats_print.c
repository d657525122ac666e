/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats/stats_print.h"

#include <stdio.h>

void stats_print(const struct stats *stats, bool json)
{
	char text[STATS_TEXT_MAX];
	size_t length = json ? stats_json(stats, text) : stats_text(stats, text);

	/* One write, so that the lines stay together. */
	fwrite(text, 1, length, stderr);
}
