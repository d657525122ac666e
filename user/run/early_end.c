/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/early_end.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "stats/stats.h"

/* What the handler says; text is made before, because it may call little (signal-safety(7)). */
static struct {
	char text[STATS_TEXT_MAX];
	size_t length;
	pid_t sniffer; /* a process that it has just started may still have the handler, and says nothing */
} last_words;

static void end(int signal)
{
	(void)signal;
	if (getpid() == last_words.sniffer && write(STDERR_FILENO, last_words.text, last_words.length) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_SUCCESS);
}

void early_end_prepare(const struct options *options)
{
	const struct stats none = {.counts_flows = options_count_flows(options)};
	const struct sigaction action = {.sa_handler = end};

	if (options->count_only || options->dump_filter || options->command)
		return;
	last_words.sniffer = getpid();
	last_words.length = options->format == FORMAT_JSON ? stats_json(&none, last_words.text)
							   : stats_text(&none, last_words.text);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}
