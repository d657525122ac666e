/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/list_advice.h"
#include "cli/option_internal.h"

#define NOT_AN_ADDRESS "is not an address or prefix, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32"
#define NOT_A_PROCESS  "is not a process; write a name, or a number up to 4194304"
#define NOT_A_USER     "is not a user of this system; write a name or a number"
/* The options whose value is a list. */
static const struct list_option {
	enum key key;
	enum list list;
	int (*add)(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error);
	const char *refusal; /* NULL: `advise` says it */
	const char *(*advise)(const char *item, char *buffer, size_t size);
} list_options[] = {
	{KEY_PROTOCOL, 0, filter_spec_add_protocols, NULL, list_advice_protocol},
	{KEY_HOST, LIST_EITHER, filter_spec_add_hosts, NULL, list_advice_host},
	{KEY_SRC, LIST_SOURCE, filter_spec_add_hosts, NULL, list_advice_host},
	{KEY_DST, LIST_DESTINATION, filter_spec_add_hosts, NULL, list_advice_host},
	{KEY_NOT_HOST, LIST_NOT, filter_spec_add_hosts, NULL, list_advice_host},
	{KEY_PORT, LIST_EITHER, filter_spec_add_ports, NULL, list_advice_port},
	{KEY_SRC_PORT, LIST_SOURCE, filter_spec_add_ports, NULL, list_advice_port},
	{KEY_DST_PORT, LIST_DESTINATION, filter_spec_add_ports, NULL, list_advice_port},
	{KEY_NOT_PORT, LIST_NOT, filter_spec_add_ports, NULL, list_advice_port},
	{KEY_PROCESS, 0, filter_spec_add_processes, NOT_A_PROCESS, NULL},
	{KEY_UID, 0, filter_spec_add_uids, NOT_A_USER, NULL},
	{KEY_TCP_FLAGS, 0, filter_spec_add_tcp_flags, NULL, list_advice_flags},
	{KEY_TCP_EVENT, 0, filter_spec_add_tcp_events, NULL, list_advice_event},
};

static error_t no_memory(int key)
{
	log_line("%s: out of memory for the list", option_typed(key));
	return ENOMEM;
}

static error_t too_many(int key)
{
	log_line("%s: there are more than %d items", option_typed(key), OWNER_CHOICE_MAX);
	return EINVAL;
}

static bool has_empty_item(const char *text)
{
	size_t length = strlen(text);

	return !length || text[0] == ',' || text[length - 1] == ',' || strstr(text, ",,");
}

/* Add a list that has no names of hosts. 0 or an errno. */
static error_t add_items(struct filter_spec *spec, const struct list_option *option, const char *text)
{
	struct filter_spec_error error;
	char advice[OPTION_ADVICE_MAX];
	int ret = option->add(spec, option->list, text, &error);

	if (ret == -ENOMEM)
		return no_memory((int)option->key);
	if (ret == -E2BIG)
		return too_many((int)option->key);
	return ret ? option_refuse((int)option->key, error.word,
				   option->refusal ? option->refusal
						   : option->advise(error.word, advice, sizeof(advice)))
		   : 0;
}

/* Add addresses, and note names of hosts, which are looked up later. 0 or an errno. */
static error_t add_hosts(struct options *options, const struct list_option *option, const char *text)
{
	error_t ret = 0;

	for (size_t length; *text && !ret; text += length, text += *text == ',') {
		char *item;

		length = strcspn(text, ",");
		if (host_names_is_name(text, length)) {
			ret = -host_names_add(&options->host_names, (int)option->key, option->list, text, length);
			continue;
		}
		item = strndup(text, length);
		ret = item ? add_items(&options->spec, option, item) : ENOMEM;
		free(item);
	}
	return ret;
}

static error_t add_list(const struct parsing *parsing, int key, const char *text)
{
	struct options *options = parsing->options;
	error_t ret;

	for (size_t i = 0; i < sizeof(list_options) / sizeof(*list_options); i++) {
		const struct list_option *option = &list_options[i];

		if ((int)option->key != key)
			continue;
		ret = option_refuse_blanks(parsing, key, text);
		if (ret)
			return ret;
		if (has_empty_item(text))
			return option_refuse(
				key, text,
				*text ? "has an empty item; put one comma between items, and none at the ends"
				      : "is an empty list; write an item, or leave the option out");
		return option->add == filter_spec_add_hosts ? add_hosts(options, option, text)
							    : add_items(&options->spec, option, text);
	}
	return ARGP_ERR_UNKNOWN;
}

/* Say what is wrong with a file of hosts, error being what filter_spec_add_host_file() returned. */
static void refuse_host_file(int key, const char *path, int error, const struct filter_spec_error *where)
{
	const char *name = option_typed(key);

	switch (error) {
	case -EINVAL:
		if (where->hidden)
			log_line("%s: %s:%zu: the line " NOT_AN_ADDRESS, name, path, where->line);
		else
			log_line("%s: %s:%zu: '%s' " NOT_AN_ADDRESS, name, path, where->line, where->word);
		break;
	case -EILSEQ:
		log_line("%s: %s:%zu: the line contains a NUL byte, so this is not a text file", name, path,
			 where->line);
		break;
	case -EMSGSIZE:
		log_line("%s: %s:%zu: the line is longer than %d bytes", name, path, where->line, HOST_LINE_MAX);
		break;
	case -E2BIG:
		log_line("%s: %s:%zu: the file has more than %d %s", name, path, where->line,
			 where->line > HOST_LINES_MAX ? HOST_LINES_MAX : HOST_FILE_MAX,
			 where->line > HOST_LINES_MAX ? "lines" : "addresses and prefixes");
		break;
	default:
		log_line("%s: cannot read '%s': %s", name, path, strerror(-error));
	}
}

static error_t add_host_file(struct options *options, int key, enum list list, const char *path)
{
	struct filter_spec *spec = &options->spec;
	const size_t before = spec->prefixes.count;
	struct filter_spec_error error;
	int ret = filter_spec_add_host_file(spec, list, path, &error);

	if (list == LIST_NOT && spec->prefixes.count == before)
		options->excludes_nothing = path;
	if (ret == 0)
		return 0;
	if (ret == -ENOMEM)
		return no_memory(key);
	refuse_host_file(key, path, ret, &error);
	return ret == -EILSEQ || ret == -EMSGSIZE || ret == -E2BIG ? EINVAL : -ret;
}

static error_t set_direction(struct options *options, int key, const char *word)
{
	static const struct {
		const char *word;
		uint8_t directions;
	} words[] = {
		{"in", DIRECTION_BIT_IN},
		{"out", DIRECTION_BIT_OUT},
		{"inout", DIRECTION_BIT_IN | DIRECTION_BIT_OUT},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(word, words[i].word) != 0)
			continue;
		if (*options->spec.direction_option && !(options->spec.config.directions & words[i].directions))
			return option_refuse(key, word, "is a second direction; write inout for both");
		options->spec.config.directions = words[i].directions;
		snprintf(options->spec.direction_option, sizeof(options->spec.direction_option), "%s%s%s",
			 option_typed(key), option_typed(key)[1] == '-' ? "=" : " ", word);
		return 0;
	}
	return option_refuse(key, word, "is not a direction; write in, out or inout");
}

/* A number into a field of 32 bits. */
static error_t set_number(int key, const char *word, uint64_t max, uint32_t *field)
{
	uint64_t number = 0;
	error_t ret = option_number(key, word, 1, max, &number);

	*field = (uint32_t)number;
	return ret;
}

error_t option_filter(struct parsing *parsing, int key, const char *word)
{
	struct options *options = parsing->options;
	struct filter_spec *spec = &options->spec;

	switch (key) {
	case KEY_LOOPBACK:
		spec->config.loopback = LOOPBACK_ONCE;
		return 0;
	case KEY_HOST_FILE:
		return add_host_file(options, key, LIST_EITHER, word);
	case KEY_NOT_HOST_FILE:
		return add_host_file(options, key, LIST_NOT, word);
	case 'Q':
		return set_direction(options, key, word);
	case KEY_CGROUP:
		return process_choice_set_cgroup(&spec->who, word)
			       ? option_refuse(key, word, "is not the path of a control group, such as /system.slice")
			       : 0;
	case KEY_FIRST:
		return set_number(key, word, UINT32_MAX, &spec->config.first);
	case KEY_SAMPLE:
		return set_number(key, word, UINT32_MAX, &spec->config.sample);
	case KEY_FLOWS:
		return set_number(key, word, FLOWS_MAX, &spec->flow_table_size);
	default:
		return add_list(parsing, key, word);
	}
}
