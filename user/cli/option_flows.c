/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/time_units.h"
#include "cli/option_internal.h"
#include "export/ipfix.h"

/* After which a flow ends that is silent, and is told that goes on; seconds. */
enum { IDLE_DEFAULT = 30, ACTIVE_DEFAULT = 1800 };

enum { EMPTY_RING = 128 * 1024 }; /* bytes of a ring that no packet comes into */

void option_flows_init(struct options *options)
{
	options->flows.idle_ns = (uint64_t)IDLE_DEFAULT * NSEC_PER_SEC;
	options->flows.active_ns = (uint64_t)ACTIVE_DEFAULT * NSEC_PER_SEC;
}

static error_t set_key(struct options *options, int key, const char *word)
{
	static const char *const words[] = {
		[FLOWS_BY_FLOW] = "flow",
		[FLOWS_BY_HOST] = "host",
		[FLOWS_BY_PORT] = "port",
		[FLOWS_BY_PROCESS] = "process",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		options->flows.by = (enum flows_by)i;
		return 0;
	}
	return option_refuse(key, word, "is not a key; write flow, host, port or process");
}

error_t option_flows(struct parsing *parsing, int key, const char *word)
{
	struct options *options = parsing->options;

	switch (key) {
	case KEY_TOP:
		options->flows.top_ns = NSEC_PER_SEC;
		return word ? option_seconds(key, word, &options->flows.top_ns) : 0;
	case KEY_BY:
		return set_key(options, key, word);
	case KEY_FLOW_LOG:
		if (options->flows.log_path)
			return option_refuse(key, word, "is a second file; only one can be written");
		options->flows.log_path = word;
		return 0;
	case KEY_IPFIX:
		if (options->flows.collector)
			return option_refuse(key, word, "is a second collector; there can be only one");
		if (!ipfix_is_collector(word))
			return option_refuse(key, word, "is not a collector; write HOST, HOST:PORT or [ADDRESS]:PORT");
		options->flows.collector = word;
		return 0;
	case KEY_METRICS:
		if (options->metrics_path)
			return option_refuse(key, word, "is a second file; only one can be written");
		options->metrics_path = word;
		return 0;
	case KEY_IDLE:
		return option_seconds(key, word, &options->flows.idle_ns);
	case KEY_ACTIVE:
		return option_seconds(key, word, &options->flows.active_ns);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

bool options_count_flows(const struct options *options)
{
	return options->flows.top_ns || options->flows.log_path || options->flows.collector;
}

static bool writes_log_to_stdout(const struct options *options)
{
	return options->flows.log_path && !strcmp(options->flows.log_path, "-");
}

static bool shows_owner(const struct options *options)
{
	return options->prints || options->write_path || options->flows.top_ns || options->flows.log_path ||
	       !options->flows.collector;
}

static bool chooses_processes(const struct options *options)
{
	return options->command || process_choice_is_made(&options->spec.who);
}

error_t option_flows_finish(const struct parsing *parsing)
{
	struct options *options = parsing->options;

	options->spec.config.counts_flows = options_count_flows(options);
	options->owner |= options->flows.by == FLOWS_BY_PROCESS;
	/* What asks for text has been settled by now. */
	options->prints =
		!options->flows.top_ns &&
		(options->text || !(options->write_path || options->flows.log_path || options->flows.collector));
	options->copies = options->prints || options->write_path;
	if (!options->copies && !parsing->given['B'])
		options->buffer_size = EMPTY_RING;
	if (writes_log_to_stdout(options) && (options->prints || options->flows.top_ns))
		log_line("--flow-log=- and %s cannot be combined, because both go to standard output; name a file",
			 options->prints ? "the packets" : "--top");
	else if (writes_log_to_stdout(options) && options->write_path && !strcmp(options->write_path, "-"))
		log_line("--flow-log=- and -w - cannot be combined, because both go to standard output; name a file");
	else if (options->spec.config.counts_flows && options->count && !options->read_count)
		log_line(
			"%s cannot limit --top, --flow-log or --ipfix, which count flows in the kernel; use --duration",
			option_typed('c'));
	else if (options->spec.config.counts_flows && options->copies && chooses_processes(options))
		log_line("the flows of chosen processes cannot be counted while their packets are printed or written; "
			 "leave out --flow-log and --ipfix, or what asks for the packets");
	else if (options->flows.by == FLOWS_BY_PROCESS && options->read_count)
		log_line("--by=process and %s cannot be combined, because a file does not have the processes of its "
			 "packets; leave out one of them",
			 option_typed('r'));
	else if (options->owner && !chooses_processes(options) && !shows_owner(options))
		log_line("--owner has no effect on --ipfix, which has no field for it; add --top or --flow-log=FILE, "
			 "or leave "
			 "it out");
	else
		return 0;
	return EINVAL;
}
