/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/option_typed.h"
#include "run/live_internal.h"

enum { ADVICE_MAX = 256 }; /* bytes, terminator included */

/* The option of the only list that was given; of several, `all`. */
static const char *list_option(char *const words[LISTS], const char *const names[LISTS], const char *const files[LISTS],
			       const char *all)
{
	const char *option = NULL;

	for (int i = 0; i < LISTS; i++)
		if (words[i])
			option = option ? all : strncmp(words[i], "file ", 5) == 0 ? files[i] : names[i];
	return option;
}

/* The option of the user that rejects for a reason; NULL: the reason comes from a default, or from nothing that an
 * option changes. */
static const char *rejecting_option(const struct options *options, enum verdict reason)
{
	static const char *const hosts[LISTS] = {"--host", "--src", "--dst", "--not-host"};
	static const char *const files[LISTS] = {[0] = "--host-file", [LISTS - 1] = "--not-host-file"};
	static const char *const ports[LISTS] = {"--port", "--src-port", "--dst-port", "--not-port"};
	const struct filter_spec *spec = &options->spec;

	switch (reason) {
	case VERDICT_DIRECTION:
		return option_typed('Q');
	case VERDICT_PROTOCOL:
		return spec->default_protocols ? NULL : "--protocol";
	case VERDICT_HOST:
		return list_option(spec->host_words, hosts, files, "the lists of hosts");
	case VERDICT_PORT:
		return list_option(spec->port_words, ports, ports, "the lists of ports");
	case VERDICT_TCP_FLAGS:
		return "--tcp-flags";
	case VERDICT_TCP_EVENT:
		return "--tcp-event";
	case VERDICT_EXPRESSION:
		return "the expression";
	case VERDICT_PROCESS:
		return spec->who.processes.count ? "--process" : spec->who.uid_count ? "--uid" : "--cgroup";
	case VERDICT_SAMPLE:
		return "--sample";
	default:
		return NULL;
	}
}

/* The option of the user that rejected most packets, and for which reason; NULL: none rejected any. */
static const char *most_rejecting(const struct options *options, const struct stats *stats, int *reason, bool *alone)
{
	const char *most = NULL;

	*alone = true;
	for (int i = VERDICT_DIRECTION; i < VERDICT_COUNT; i++) {
		const char *option = stats->verdict[i] ? rejecting_option(options, (enum verdict)i) : NULL;

		if (!option)
			continue;
		*alone = !most;
		if (most && stats->verdict[i] < stats->verdict[*reason])
			continue;
		most = option;
		*reason = i;
	}
	return most;
}

/* What would show packets: an option that the user gave, else the defaults. Both may be: an address or an expression
 * fits also what is neither TCP nor UDP. */
static void advise(const struct options *options, const struct stats *stats, char advice[ADVICE_MAX])
{
	const bool open = options->spec.default_protocols && !options->spec.config.address_lists &&
			  !options->spec.config.port_lists && !options->opened_protocols;
	const char *loopback = stats->verdict[VERDICT_LOOPBACK] ? "--loopback keeps loopback traffic; " : "";
	const bool hides = options->narrowed && (stats->verdict[VERDICT_NOT_IP] || stats->verdict[VERDICT_PROTOCOL]);
	const bool hides_host = options->spec.default_protocols && stats->verdict[VERDICT_PROTOCOL];
	int reason = 0;
	bool alone;
	const char *option = most_rejecting(options, stats, &reason, &alone);
	const char *next = reason == VERDICT_PROCESS
				   ? "run with --owner alone to see which processes the packets belong to"
				   : "--explain shows why";

	if (option && ((hides && reason == VERDICT_EXPRESSION) || (hides_host && reason == VERDICT_HOST)))
		snprintf(advice, ADVICE_MAX,
			 "%s--protocol=all keeps what is neither TCP nor UDP, and %s rejected the rest", loopback,
			 option);
	else if (option && alone)
		snprintf(advice, ADVICE_MAX, "%severy packet that passed the other filters was rejected by %s; %s",
			 loopback, option, next);
	else if (option)
		snprintf(advice, ADVICE_MAX, "%sof your filters, %s rejected the most; %s", loopback, option, next);
	else if (open && (stats->verdict[VERDICT_NOT_IP] || stats->verdict[VERDICT_PROTOCOL]))
		snprintf(advice, ADVICE_MAX, "%s--protocol=all keeps every frame", loopback);
	else
		snprintf(advice, ADVICE_MAX, "%s--explain shows each, and why", loopback);
}

void live_say_silence(void *context)
{
	const struct live *live = context;
	char reasons[STATS_TEXT_MAX], advice[ADVICE_MAX];
	struct stats stats;

	if (live_stats_read(live, &stats))
		return;
	if (!stats.seen) {
		log_line("no packet in the first 3 seconds: no frame has arrived at all; still listening");
		return;
	}
	if (stats.verdict[VERDICT_ACCEPTED] || !stats_reasons(&stats, reasons)) /* lost, or not read yet */
		return;
	advise(live->options, &stats, advice);
	log_line("no packet in the first 3 seconds: seen %llu, rejected: %s; %s", (unsigned long long)stats.seen,
		 reasons, advice);
}
