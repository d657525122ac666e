/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "cli/option_internal.h"

#define NOT_LIVE  "a file is read as it is"
#define ONE_STYLE "each asks for a different style"
#define JSON_HAS  "a JSON object has all of it, and the time with nine digits"
#define COUNTS    "then nothing but the number is printed"

/* Options of which one would be ignored beside the other. */
static const struct pair {
	int one, other;
	const char *why;
} pairs[] = {
	{'i', 'r', NOT_LIVE},
	{'i', 'V', NOT_LIVE},
	{KEY_NETNS, 'r', NOT_LIVE},
	{KEY_NETNS, 'V', NOT_LIVE},
	{'B', 'r', NOT_LIVE},
	{'B', 'V', NOT_LIVE},
	{KEY_OWN_SESSION, 'r', NOT_LIVE},
	{KEY_OWN_SESSION, 'V', NOT_LIVE},
	{KEY_OWNER, 'r', NOT_LIVE},
	{KEY_OWNER, 'V', NOT_LIVE},
	{'q', KEY_JSON, ONE_STYLE},
	{'X', KEY_JSON, JSON_HAS},
	{'x', KEY_JSON, JSON_HAS},
	{'A', KEY_JSON, JSON_HAS},
	{'t', KEY_JSON, JSON_HAS},
	{KEY_MICRO, KEY_JSON, JSON_HAS},
	{'A', 'X', "each shows the payload in its own way"},
	{'A', 'x', "each shows the payload in its own way"},
	{'w', KEY_COUNT, COUNTS},
	{'q', KEY_COUNT, COUNTS},
	{'X', KEY_COUNT, COUNTS},
	{'x', KEY_COUNT, COUNTS},
	{'A', KEY_COUNT, COUNTS},
	{KEY_JSON, KEY_COUNT, COUNTS},
	{KEY_EXPLAIN, KEY_COUNT, COUNTS},
	{'d', KEY_COUNT, COUNTS},
};

/* Options that do nothing without another one. */
static const struct need {
	int option, needed;
	const char *advice;
} needs[] = {
	{KEY_FLOWS, KEY_FIRST, "--flow-table is for what counts packets by flow: add --first=N, or leave it out"},
};

static bool is_given(const struct parsing *parsing, int key)
{
	return key < OPTION_KEYS && parsing->given[key];
}

static error_t refuse_all_and_more(const struct filter_spec *spec)
{
	static const uint8_t none[sizeof(spec->config.protocols)];

	if (spec->default_protocols || !spec->config.every_protocol ||
	    !memcmp(spec->config.protocols, none, sizeof(none)))
		return 0;
	log_line("--protocol=%s: 'all' keeps every frame, so the others add nothing; leave out 'all', or them",
		 spec->protocol_words);
	return EINVAL;
}

error_t option_combine(const struct parsing *parsing)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		const struct pair *pair = &pairs[i];

		if (!is_given(parsing, pair->one) || !is_given(parsing, pair->other))
			continue;
		log_line("--%s and --%s cannot go together, since %s: leave out one of them", option_name(pair->one),
			 option_name(pair->other), pair->why);
		return EINVAL;
	}
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		if (!is_given(parsing, needs[i].option) || is_given(parsing, needs[i].needed))
			continue;
		log_line("%s", needs[i].advice);
		return EINVAL;
	}
	if (is_given(parsing, KEY_COUNT) && !parsing->options->read_count) {
		log_line("--count counts the packets of a file: add -r FILE; -c N stops after N packets");
		return EINVAL;
	}
	return refuse_all_and_more(&parsing->options->spec);
}
