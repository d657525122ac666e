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

enum { FLOW_TABLE_SIZE = 65536 };

static void note_word(struct rules_error *error, const char *word, size_t length)
{
	snprintf(error->word, sizeof(error->word), "%.*s", (int)length, word);
}

/* Hand each word of a comma-separated list on; an empty word is an error too. */
static int for_each_word(struct rules *rules, enum list list, const char *text,
			 int (*take)(struct rules *, enum list, const char *, size_t), struct rules_error *error)
{
	for (;;) {
		size_t length = strcspn(text, ",");
		int ret = take(rules, list, text, length);

		if (ret) {
			note_word(error, text, length);
			return ret;
		}
		if (!text[length])
			return 0;
		text += length + 1;
	}
}

static int take_host(struct rules *rules, enum list list, const char *word, size_t length)
{
	struct prefix prefix;
	int ret = prefix_parse(word, length, &prefix);

	if (ret)
		return ret;
	prefix.lists = (uint8_t)list;
	rules->config.address_lists |= (uint8_t)list;
	return prefix_list_add(&rules->prefixes, &prefix);
}

static int take_port(struct rules *rules, enum list list, const char *word, size_t length)
{
	uint16_t first, last;
	int ret = port_range_parse(word, length, &first, &last);

	if (ret)
		return ret;
	for (unsigned int port = first; port <= last; port++)
		rules->lists_of_port[port] |= (uint8_t)list;
	rules->config.port_lists |= (uint8_t)list;
	return 0;
}

static int take_tcp_flag(struct rules *rules, enum list list, const char *word, size_t length)
{
	uint8_t bit;
	int clear, ret = tcp_flag_parse(word, length, &bit, &clear);

	(void)list;
	if (ret)
		return ret;
	if (clear)
		rules->config.tcp_flags_clear |= bit;
	else
		rules->config.tcp_flags_set |= bit;
	return 0;
}

static void add_protocol(struct rules *rules, int protocol)
{
	rules->config.protocols[protocol / 8] |= (uint8_t)(1 << protocol % 8);
}

static int take_protocol(struct rules *rules, enum list list, const char *word, size_t length)
{
	int protocol;

	(void)list;
	if (length == 3 && !strncasecmp(word, "all", 3)) {
		rules->config.every_protocol = true;
		return 0;
	}
	protocol = protocol_parse(word, length);
	if (protocol < 0)
		return protocol;
	add_protocol(rules, protocol);
	return 0;
}

void rules_init(struct rules *rules)
{
	memset(rules, 0, sizeof(*rules));
	rules->config.directions = DIRECTION_BIT_IN | DIRECTION_BIT_OUT;
	add_protocol(rules, PROTOCOL_TCP);
	add_protocol(rules, PROTOCOL_UDP);
	rules->default_protocols = true;
	rules->flow_table_size = FLOW_TABLE_SIZE;
}

void rules_init_open(struct rules *rules)
{
	rules_init(rules);
	rules->config.keep_loopback = true;
	rules->config.every_protocol = true;
}

int rules_add_hosts(struct rules *rules, enum list list, const char *text, struct rules_error *error)
{
	int ret = for_each_word(rules, list, text, take_host, error);

	return ret ? ret : words_append(&rules->host_words[list_place(list)], ",", text);
}

/* An address or prefix, a comment, both, or nothing. */
static int take_host_line(struct rules *rules, enum list list, const char *line, struct rules_error *error)
{
	const char *word = line + strspn(line, " \t");
	size_t length = strcspn(word, " \t\r\n#");
	const char *rest = word + length + strspn(word + length, " \t\r\n");
	int ret = 0;

	if (*rest && *rest != '#')
		ret = -EINVAL;
	else if (length)
		ret = take_host(rules, list, word, length);
	if (ret)
		note_word(error, word, strcspn(word, "\r\n"));
	return ret;
}

int rules_add_host_file(struct rules *rules, enum list list, const char *path, struct rules_error *error)
{
	char **words = &rules->host_words[list_place(list)];
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	if (!file)
		return -errno;
	for (error->line = 1; !ret && getline(&line, &size, file) >= 0; error->line += !ret)
		ret = take_host_line(rules, list, line, error);
	if (!ret && !feof(file))
		ret = -errno;
	rules->config.address_lists |= (uint8_t)list; /* also when nobody is in it */
	if (!ret)
		ret = words_append(words, ",", "file ");
	if (!ret)
		ret = words_append(words, "", path);
	free(line);
	fclose(file);
	return ret;
}

int rules_add_ports(struct rules *rules, enum list list, const char *text, struct rules_error *error)
{
	int ret = for_each_word(rules, list, text, take_port, error);

	return ret ? ret : words_append(&rules->port_words[list_place(list)], ",", text);
}

int rules_add_tcp_flags(struct rules *rules, enum list list, const char *text, struct rules_error *error)
{
	int ret = for_each_word(rules, list, text, take_tcp_flag, error);

	return ret ? ret : words_append(&rules->tcp_flag_words, ",", text);
}

int rules_add_protocols(struct rules *rules, enum list list, const char *text, struct rules_error *error)
{
	int ret;

	if (rules->default_protocols)
		memset(rules->config.protocols, 0, sizeof(rules->config.protocols));
	rules->default_protocols = false;
	ret = for_each_word(rules, list, text, take_protocol, error);
	return ret ? ret : words_append(&rules->protocol_words, ",", text);
}

int rules_finish(struct rules *rules)
{
	struct filter_config *config = &rules->config;
	int ret;

	if (!rules->prefixes.count)
		return 0;
	ret = prefix_table_build(&rules->prefixes, &rules->table);
	if (ret)
		return ret;
	config->prefix_mask = rules->table.slot_count - 1;
	config->bloom_mask = rules->table.bloom_count - 1;
	config->prefix_length_count = rules->table.length_count;
	memcpy(config->prefix_lengths, rules->table.lengths, sizeof(config->prefix_lengths));
	return 0;
}

void rules_free(struct rules *rules)
{
	prefix_list_free(&rules->prefixes);
	prefix_table_free(&rules->table);
	for (int i = 0; i < LISTS; i++) {
		free(rules->host_words[i]);
		free(rules->port_words[i]);
	}
	free(rules->protocol_words);
	free(rules->tcp_flag_words);
}
