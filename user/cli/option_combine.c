/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "cli/option_internal.h"
#include "savefile/savefile_write.h"

#define NOT_LIVE     "reading a file captures nothing"
#define ONE_STYLE    "each selects a different style"
#define JSON_HAS     "JSON always has every field"
#define JSON_TIMES   "times in JSON always have the date and nine digits"
#define COUNTS       "--count prints only a number"
#define SHOWS_FILTER "-d prints only the filter"
#define SHOWS_FLOWS  "--top shows flows in place of packets"

/* Options, ended by 0. */
static const int reads[] = {'r', 'V', 0};
static const int live_only[] = {'i', 'p', 'B', KEY_NETNS, KEY_OWN_SESSION, 0};
static const int styles[] = {'q', 'X', 'x', 'A', KEY_JSON, KEY_EXPLAIN, 0};
static const int details[] = {'e', 't', '#', 'S', KEY_LENGTHS, KEY_COLOR, 0};
static const int fields[] = {'e', '#', 'S', KEY_LENGTHS, 0};
static const int of_style[] = {'X', 'x', 'A', 0};
static const int hexdumps[] = {'X', 'x', 0};
static const int digits[] = {KEY_MICRO, KEY_TIME_STAMP_PRECISION, 0};
static const int times[] = {'t', KEY_MICRO, KEY_TIME_STAMP_PRECISION, 0};
static const int ends[] = {'c', KEY_DURATION, KEY_STATS, KEY_METRICS, 0};
static const int write_or_print[] = {'w', KEY_PRINT, 0};
static const int prints[] = {'q', KEY_JSON, KEY_EXPLAIN, 0};
static const int brief[] = {'q', 0}, color[] = {KEY_COLOR, 0}, ascii[] = {'A', 0};
static const int who[] = {KEY_PROCESS, KEY_UID, KEY_CGROUP, 0}, explains[] = {KEY_EXPLAIN, 0};
static const int json[] = {KEY_JSON, 0}, count[] = {KEY_COUNT, 0}, dump[] = {'d', 0};

static const int owner[] = {KEY_OWNER, 0};
static const int top[] = {KEY_TOP, 0};
static const int packet_styles[] = {'q', 'X', 'x', 'A', KEY_EXPLAIN, KEY_PRINT, 0};
static const int flows[] = {KEY_TOP, KEY_FLOW_LOG, KEY_IPFIX, 0};

/* Of two such options, one would be ignored. */
static const struct pair {
	const int *some, *others;
	const char *why;
} pairs[] = {
	{live_only, reads, NOT_LIVE},
	{who, reads, "a file cannot be filtered by process (--owner shows the owners that it records)"},
	{brief, json, ONE_STYLE},
	{hexdumps, json, JSON_HAS},
	{ascii, json, JSON_HAS},
	{color, json, "JSON has no colours"},
	{fields, json, JSON_HAS},
	{times, json, JSON_TIMES},
	{ascii, hexdumps, "each shows the payload in a different way"},
	{write_or_print, count, COUNTS},
	{styles, count, COUNTS},
	{details, count, COUNTS},
	{dump, count, COUNTS},
	{write_or_print, dump, SHOWS_FILTER},
	{styles, dump, SHOWS_FILTER},
	{details, dump, SHOWS_FILTER},
	{ends, dump, SHOWS_FILTER},
	{top, packet_styles, SHOWS_FLOWS},
	{top, details, SHOWS_FLOWS},
	{flows, count, COUNTS},
	{flows, dump, SHOWS_FILTER},
	{flows, explains, "--explain shows also packets that no flow counts"},
	{who, dump, "that filter does not choose processes"},
	{who, explains, "--explain judges packets only by their bytes"},
	{owner, dump, SHOWS_FILTER},
};

static const int by_flow[] = {KEY_FIRST, KEY_TCP_EVENT, KEY_TOP, KEY_FLOW_LOG, KEY_IPFIX, 0};

/* Options that do nothing without another one. */
static const struct need {
	int option;
	const int *needed; /* one of these */
	const char *advice;
} needs[] = {
	{KEY_FLOWS, by_flow,
	 "--flow-table has no effect without --first=N, --tcp-event=LIST, --top, --flow-log=FILE or --ipfix=HOST; add "
	 "one of them, or leave it out"},
	{KEY_BY, top, "--by has no effect without --top; add it, or leave out --by"},
	{KEY_IDLE, flows,
	 "--idle has no effect without --top, --flow-log=FILE or --ipfix=HOST; add one of them, or leave it out"},
	{KEY_ACTIVE, flows,
	 "--active has no effect without --top, --flow-log=FILE or --ipfix=HOST; add one of them, or leave it out"},
};

/* Whether an option asks for what is not so anyway. */
static bool is_given(const struct parsing *parsing, int key)
{
	if (!parsing->given[key])
		return false;
	if (key == KEY_COLOR)
		return !strcmp(parsing->color, "always");
	return (key != KEY_MICRO && key != KEY_TIME_STAMP_PRECISION) || parsing->options->writes_micro;
}

/* The first of these options that is given; 0: none. */
static int find_given(const struct parsing *parsing, const int *keys)
{
	while (*keys && !is_given(parsing, *keys))
		keys++;
	return *keys;
}

static error_t refuse_pairs(const struct parsing *parsing)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		int one = find_given(parsing, pairs[i].some), other = find_given(parsing, pairs[i].others);

		if (!one || !other)
			continue;
		log_line("%s and %s cannot be combined, because %s; leave out one of them", option_typed(one),
			 option_typed(other), pairs[i].why);
		return EINVAL;
	}
	return 0;
}

static error_t refuse_needy(const struct parsing *parsing)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		if (!is_given(parsing, needs[i].option) || find_given(parsing, needs[i].needed))
			continue;
		log_line("%s", needs[i].advice);
		return EINVAL;
	}
	if (!is_given(parsing, KEY_COUNT) || parsing->options->read_count)
		return 0;
	log_line("--count needs -r FILE, the file whose packets to count; -c N stops after N packets");
	return EINVAL;
}

static error_t refuse_all_and_more(const struct filter_spec *spec)
{
	static const uint8_t none[sizeof(spec->config.protocols)];

	if (spec->default_protocols || !spec->config.every_protocol ||
	    !memcmp(spec->config.protocols, none, sizeof(none)))
		return 0;
	log_line("--protocol=%s: 'all' already keeps every frame; leave out 'all' or the other protocols",
		 spec->protocol_words);
	return EINVAL;
}

/* The list is the same, whatever else is asked for. */
static error_t refuse_beside_list(const struct parsing *parsing)
{
	if (!parsing->options->list_interfaces)
		return 0;
	for (int key = 1; key < OPTION_KEYS; key++) {
		if (key == 'D' || key == KEY_NETNS || !is_given(parsing, key))
			continue;
		log_line("%s only lists interfaces; leave out %s", option_typed('D'), option_typed(key));
		return EINVAL;
	}
	if (!parsing->words)
		return 0;
	log_line("%s only lists interfaces; leave out '%s'", option_typed('D'), parsing->word);
	return EINVAL;
}

/* With a file to write, packets are printed only if a style or --print asks for it. */
static error_t refuse_unseen(const struct parsing *parsing)
{
	const char *path = parsing->options->write_path;
	int key = find_given(parsing, details);

	if (!key)
		key = find_given(parsing, of_style);
	if (!key && path && savefile_write_is_classic(path) &&
	    !find_given(parsing, flows)) /* pcapng has comments for it */
		key = find_given(parsing, owner);
	if (!path || !key || parsing->print || find_given(parsing, prints))
		return 0;
	log_line("%s changes what is printed, but -w alone prints nothing; %sleave it out", option_typed(key),
		 strcmp(path, "-") != 0 ? "add --print, or " : "");
	return EINVAL;
}

/* Microseconds are for pcap. */
static error_t refuse_micro_pcapng(const struct parsing *parsing)
{
	const struct options *options = parsing->options;
	int key = find_given(parsing, digits);

	if (!key || !options->write_path || options->text || parsing->print ||
	    savefile_write_is_classic(options->write_path))
		return 0;
	log_line("%s does not apply to pcapng, which always has nanoseconds; leave it out, or end the name in .pcap",
		 option_typed(key));
	return EINVAL;
}

/* A file is read at once. Only a pipe, which another program may keep open, can take long. */
static error_t refuse_duration_of_file(const struct parsing *parsing)
{
	const struct options *options = parsing->options;
	struct stat status;

	if (!options->duration_ns || !options->read_count)
		return 0;
	for (size_t i = 0; i < options->read_count; i++)
		if (!strcmp(options->read_paths[i], "-") ||
		    (!stat(options->read_paths[i], &status) && !S_ISREG(status.st_mode)))
			return 0;
	log_line("--duration and %s cannot be combined, because a file is read at once; leave out one of them",
		 option_typed(find_given(parsing, reads)));
	return EINVAL;
}

error_t option_combine(const struct parsing *parsing)
{
	error_t ret = refuse_beside_list(parsing);

	if (!ret)
		ret = refuse_pairs(parsing);
	if (!ret)
		ret = refuse_needy(parsing);
	if (!ret)
		ret = refuse_unseen(parsing);
	if (!ret)
		ret = refuse_micro_pcapng(parsing);
	if (!ret)
		ret = refuse_duration_of_file(parsing);
	return ret ? ret : refuse_all_and_more(&parsing->options->spec);
}
