/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/filter_spec.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/string_append.h"
#include "filter/list_values.h"
#include "protocols.h"
#include "sandbox/invoking_user.h"

enum {
	FLOW_TABLE_SIZE = 65536,
};

static void note_word(struct filter_spec_error *error, const char *word, size_t length)
{
	snprintf(error->word, sizeof(error->word), "%.*s", (int)length, word);
}

/* Call take() for each word of a comma-separated list, empty ones included. Stops at the first error and notes the
 * word. */
static int for_each_word(struct filter_spec *spec, enum list list, const char *text,
			 int (*take)(struct filter_spec *, enum list, const char *, size_t),
			 struct filter_spec_error *error)
{
	for (;;) {
		size_t length = strcspn(text, ",");
		int ret = take(spec, list, text, length);

		if (ret) {
			note_word(error, text, length);
			return ret;
		}
		if (!text[length])
			return 0;
		text += length + 1;
	}
}

static int take_host(struct filter_spec *spec, enum list list, const char *word, size_t length)
{
	struct prefix prefix;
	int ret = prefix_parse(word, length, &prefix);

	if (ret)
		return ret;
	prefix.lists = (uint8_t)list;
	spec->config.address_lists |= (uint8_t)list;
	return prefix_list_add(&spec->prefixes, &prefix);
}

static int take_port(struct filter_spec *spec, enum list list, const char *word, size_t length)
{
	uint16_t first, last;
	int ret = port_range_parse(word, length, &first, &last);

	if (ret)
		return ret;
	for (unsigned int port = first; port <= last; port++)
		spec->lists_of_port[port] |= (uint8_t)list;
	spec->config.port_lists |= (uint8_t)list;
	return 0;
}

static int take_tcp_flag(struct filter_spec *spec, enum list list, const char *word, size_t length)
{
	uint8_t bit;
	int clear, ret = tcp_flag_parse(word, length, &bit, &clear);

	(void)list;
	if (ret)
		return ret;
	if (clear)
		spec->config.tcp_flags_clear |= bit;
	else
		spec->config.tcp_flags_set |= bit;
	return 0;
}

static int take_tcp_event(struct filter_spec *spec, enum list list, const char *word, size_t length)
{
	(void)list;
	return tcp_event_parse(word, length, &spec->config.tcp_events);
}

static int take_process(struct filter_spec *spec, enum list list, const char *word, size_t length)
{
	char item[LIST_WORD_MAX];

	(void)list;
	return list_word_copy(word, length, item) ? -EINVAL : process_choice_add_process(&spec->who, item);
}

static int take_uid(struct filter_spec *spec, enum list list, const char *word, size_t length)
{
	char item[LIST_WORD_MAX];

	(void)list;
	return list_word_copy(word, length, item) ? -EINVAL : process_choice_add_uid(&spec->who, item);
}

static void add_protocol(struct filter_spec *spec, int protocol)
{
	spec->config.protocols[protocol / 8] |= (uint8_t)(1 << protocol % 8);
}

static int take_protocol(struct filter_spec *spec, enum list list, const char *word, size_t length)
{
	int protocol;

	(void)list;
	if (length == 3 && !strncasecmp(word, "all", 3)) {
		spec->config.every_protocol = true;
		return 0;
	}
	protocol = protocol_parse(word, length);
	if (protocol < 0)
		return protocol;
	add_protocol(spec, protocol);
	return 0;
}

void filter_spec_init(struct filter_spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->config.directions = DIRECTION_BIT_IN | DIRECTION_BIT_OUT;
	add_protocol(spec, PROTOCOL_TCP);
	add_protocol(spec, PROTOCOL_UDP);
	spec->default_protocols = true;
	spec->flow_table_size = FLOW_TABLE_SIZE;
}

void filter_spec_init_open(struct filter_spec *spec)
{
	filter_spec_init(spec);
	spec->config.loopback = LOOPBACK_KEEP;
	spec->config.every_protocol = true;
}

int filter_spec_add_hosts(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error)
{
	int ret = for_each_word(spec, list, text, take_host, error);

	return ret ? ret : string_append(&spec->host_words[list_place(list)], ",", text);
}

int filter_spec_add_address(struct filter_spec *spec, enum list list, const char *text)
{
	return take_host(spec, list, text, strlen(text));
}

int filter_spec_note_host(struct filter_spec *spec, enum list list, const char *name)
{
	return string_append(&spec->host_words[list_place(list)], ",", name);
}

/* A line holds an address or prefix, a comment, both, or nothing. */
static int take_host_line(struct filter_spec *spec, enum list list, const char *line, struct filter_spec_error *error)
{
	const char *word = line + strspn(line, " \t");
	size_t length = strcspn(word, " \t\r#");
	const char *rest = word + length + strspn(word + length, " \t\r");
	int ret = 0;

	if (*rest && *rest != '#')
		ret = -EINVAL;
	else if (length)
		ret = take_host(spec, list, word, length);
	if (ret)
		note_word(error, word, strcspn(word, "\r"));
	return ret;
}

/* Read a line without its end. 1, or 0 at the end of the file; -EILSEQ at a NUL, -EMSGSIZE when it is too long, or
 * another -errno. */
static int read_line(FILE *file, char line[HOST_LINE_MAX + 1])
{
	size_t length = 0;
	int byte;

	while ((byte = getc_unlocked(file)) != EOF && byte != '\n') {
		if (!byte)
			return -EILSEQ;
		if (length == HOST_LINE_MAX)
			return -EMSGSIZE;
		line[length++] = (char)byte;
	}
	line[length] = '\0';
	if (ferror(file))
		return -errno;
	return byte != EOF || length > 0;
}

/* A device or a pipe may have no end: the number of lines is limited too. */
static int take_host_lines(struct filter_spec *spec, enum list list, FILE *file, struct filter_spec_error *error)
{
	const size_t before = spec->prefixes.count;
	char line[HOST_LINE_MAX + 1];

	for (error->line = 1;; error->line++) {
		int ret = read_line(file, line);

		if (ret <= 0)
			return ret;
		if (error->line > HOST_LINES_MAX)
			return -E2BIG;
		ret = take_host_line(spec, list, line, error);
		if (!ret && spec->prefixes.count - before > HOST_FILE_MAX)
			ret = -E2BIG;
		if (ret)
			return ret;
	}
}

int filter_spec_add_host_file(struct filter_spec *spec, enum list list, const char *path,
			      struct filter_spec_error *error)
{
	char **words = &spec->host_words[list_place(list)];
	FILE *file = fopen(path, "re");
	int ret;

	if (!file)
		return -errno;
	ret = take_host_lines(spec, list, file, error);
	error->hidden = ret == -EINVAL && !invoking_user_may_read(path, fileno(file));
	if (error->hidden)
		*error->word = '\0';
	spec->config.address_lists |= (uint8_t)list; /* even if the file is empty */
	if (!ret)
		ret = string_append(words, ",", "file ");
	if (!ret)
		ret = string_append(words, "", path);
	fclose(file);
	return ret;
}

int filter_spec_add_ports(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error)
{
	int ret = for_each_word(spec, list, text, take_port, error);

	return ret ? ret : string_append(&spec->port_words[list_place(list)], ",", text);
}

int filter_spec_add_tcp_flags(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error)
{
	int ret = for_each_word(spec, list, text, take_tcp_flag, error);

	return ret ? ret : string_append(&spec->tcp_flag_words, ",", text);
}

int filter_spec_add_tcp_events(struct filter_spec *spec, enum list list, const char *text,
			       struct filter_spec_error *error)
{
	int ret = for_each_word(spec, list, text, take_tcp_event, error);

	return ret ? ret : string_append(&spec->tcp_event_words, ",", text);
}

int filter_spec_add_processes(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error)
{
	return for_each_word(spec, list, text, take_process, error);
}

int filter_spec_add_uids(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error)
{
	return for_each_word(spec, list, text, take_uid, error);
}

int filter_spec_add_protocols(struct filter_spec *spec, enum list list, const char *text,
			      struct filter_spec_error *error)
{
	int ret;

	if (spec->default_protocols)
		memset(spec->config.protocols, 0, sizeof(spec->config.protocols));
	spec->default_protocols = false;
	ret = for_each_word(spec, list, text, take_protocol, error);
	return ret ? ret : string_append(&spec->protocol_words, ",", text);
}

int filter_spec_finish(struct filter_spec *spec)
{
	int ret;

	if (!spec->prefixes.count)
		return 0;
	ret = prefix_table_build(&spec->prefixes, &spec->table);
	if (ret)
		return ret;
	spec->config.prefixes = spec->table.layout;
	return 0;
}

void filter_spec_release(struct filter_spec *spec)
{
	prefix_list_release(&spec->prefixes);
	prefix_table_release(&spec->table);
	for (int i = 0; i < LISTS; i++) {
		free(spec->host_words[i]);
		free(spec->port_words[i]);
	}
	free(spec->protocol_words);
	free(spec->tcp_flag_words);
	free(spec->tcp_event_words);
}
