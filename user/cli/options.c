/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/string_append.h"
#include "base/version.h"
#include "cli/file_conflict.h"
#include "cli/option_help.h"
#include "cli/option_internal.h"
#include "tcp_work.h"

/* getopt(3) has passed the word that it did not understand, unless letters are left in it. */
static void explain_error(const struct argp_state *state)
{
	char **words = state->argv + state->next;

	if (!option_explain_unknown(option_table, words[-1], words[0]) && words[0])
		option_explain_unknown(option_table, words[0], words[1]);
}

/* Add a filter option, with its value, to the text that --status shows. */
static error_t note_filter_option(struct options *options, int key, const char *value)
{
	char *word;
	error_t ret = ENOMEM;

	if (asprintf(&word, "--%s%s%s", option_name(key), value ? "=" : "", value ? value : "") >= 0) {
		ret = -string_append(&options->filter_text, " ", word);
		free(word);
	}
	return ret;
}

/* Add the expression, or the file of one that may not be shown. */
static int note_expression(struct options *options)
{
	int ret = 0;

	if (!options->expression)
		return 0;
	if (options->hidden_in)
		ret = string_append(&options->filter_text, " ", "--expression-file=");
	return ret ? ret
		   : string_append(&options->filter_text, options->hidden_in ? "" : " ",
				   options->hidden_in ? options->hidden_in : options->expression);
}

/* A name that is empty. 0, or EINVAL after one line on standard error. */
static error_t refuse_empty(int key)
{
	switch (key) {
	case 'r':
	case 'w':
	case 'F':
	case 'V':
	case KEY_FLOW_LOG:
	case KEY_METRICS:
	case KEY_HOST_FILE:
	case KEY_NOT_HOST_FILE:
		return option_refuse(key, "", "is not the name of a file");
	case KEY_NETNS:
		return option_refuse(key, "", "is not a network namespace; write a name, a path or a process id");
	default:
		return 0;
	}
}

static void print_version(void)
{
	puts("bpfsniff " BPFSNIFF_VERSION);
}

/* `keys` ends with 0. */
static bool is_one_of(const int *keys, int key)
{
	while (*keys && *keys != key)
		keys++;
	return *keys != 0;
}

typedef error_t option_group(struct parsing *parsing, int key, const char *word);

/* Note a file that an option has read. 0 or an errno. */
static error_t note_input(struct parsing *parsing, int key, const char *path)
{
	static const int keys[] = {'F', 'V', KEY_HOST_FILE, KEY_NOT_HOST_FILE, 0};
	const char **inputs;

	if (!is_one_of(keys, key) || !strcmp(path, "-"))
		return 0;
	inputs = reallocarray(parsing->inputs, parsing->input_count + 1, sizeof(*inputs));
	if (!inputs)
		return ENOMEM;
	inputs[parsing->input_count++] = path;
	parsing->inputs = inputs;
	return 0;
}

/* Note an option that its group has taken. 0 or an errno. */
static error_t note_given(struct parsing *parsing, option_group *group, int key, const char *word)
{
	static const int ports[] = {KEY_PORT, KEY_SRC_PORT, KEY_DST_PORT, KEY_NOT_PORT, 0};
	static const int hosts[] = {KEY_HOST, KEY_SRC, KEY_DST, KEY_NOT_HOST, 0};
	const struct argp_option *row = option_row(key);
	bool for_running = group == option_filter || group == option_expression || group == option_control ||
			   group == option_accepted;

	if (group != option_accepted)
		parsing->given[key] = true;
	if (group == option_filter && !parsing->filter_option)
		parsing->filter_option = key;
	if (!for_running && key != KEY_JSON)
		parsing->other_option = key;
	if (!word && row && row->flags & OPTION_ARG_OPTIONAL)
		parsing->without_value = key;
	if (is_one_of(ports, key) || is_one_of(hosts, key)) {
		parsing->list = key;
		parsing->has_ports = is_one_of(ports, key);
		parsing->list_words = word;
	}
	if (note_input(parsing, key, word))
		return ENOMEM;
	return group == option_filter ? note_filter_option(parsing->options, key, word) : 0;
}

/* Give an option to its group. 0, ARGP_ERR_UNKNOWN, or an errno after one line on standard error. */
static error_t take_option(struct parsing *parsing, int key, const char *word)
{
	static option_group *const groups[] = {
		option_filter,  option_expression, option_control, option_accepted,
		option_capture, option_files,      option_output,  option_flows,
	};
	error_t ret = word && !*word ? refuse_empty(key) : 0;

	if (ret) {
		parsing->said = true;
		return ret;
	}
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		ret = groups[i](parsing, key, word);
		if (ret == ARGP_ERR_UNKNOWN)
			continue;
		parsing->said = ret;
		return ret ? ret : note_given(parsing, groups[i], key, word);
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse_option(int key, char *word, struct argp_state *state)
{
	struct parsing *parsing = state->input;
	const char *place = state->next > 0 ? state->argv[state->next - 1] : NULL;

	option_note_typed(state, key, word);
	parsing->next = place ? state->argv[state->next] : NULL;
	if (key > 0 && key < OPTION_KEYS && word && place && option_check_value(key, place, word)) {
		parsing->said = true;
		return EINVAL;
	}
	switch (key) {
	case KEY_VERSION:
		print_version();
		parsing->said = true;
		return ECANCELED;
	case 'h':
		option_help_short();
		parsing->said = true;
		return ECANCELED;
	case KEY_HELP:
		option_help_long(option_table);
		parsing->said = true;
		return ECANCELED;
	case ARGP_KEY_ARG:
		return option_word(parsing, word);
	case ARGP_KEY_ERROR:
		if (!parsing->said)
			explain_error(state);
		return 0;
	default:
		return take_option(parsing, key, word);
	}
}

/* A long option with one dash, or one of others that is part of a name here. */
static bool has_slip(char **words)
{
	for (; *words && strcmp(*words, "--") != 0; words++)
		if (option_explain_one_dash(option_table, *words) || option_explain_abbreviated(option_table, *words))
			return true;
	return false;
}

static const struct argp argp = {.options = option_table, .parser = parse_option};

/* As many segments as the rings hold, if anybody reads what is told of them. */
static uint32_t told_room(const struct options *options)
{
	const uint64_t rings = options->interface_count ? options->interface_count : 1;
	const uint64_t room = options->prints ? options->buffer_size * rings / TCP_RECORD_MIN : 0;

	return room < TCP_TOLD_MAX ? (uint32_t)room : TCP_TOLD_MAX;
}

/* As options_parse(). */
static int parse(int argc, char **argv, struct parsing *parsing)
{
	struct options *options = parsing->options;
	error_t ret;

	memset(options, 0, sizeof(*options));
	filter_spec_init(&options->spec);
	option_flows_init(options);
	options->snaplen = SNAPLEN_MAX;
	options->buffer_size = BUFFER_SIZE_DEFAULT;
	argc = option_split_command(argc, argv, options);
	if (has_slip(argv + 1))
		return EXIT_USAGE;
	ret = argp_parse(&argp, argc, argv, ARGP_NO_HELP | ARGP_NO_EXIT | ARGP_NO_ERRS, NULL, parsing);
	if (ret == ECANCELED)
		return -1;
	if (ret)
		return ret == EINVAL ? EXIT_USAGE : EXIT_FAILURE;
	if (note_expression(options))
		return EXIT_FAILURE;
	if (option_words_finish(parsing) || option_command_finish(parsing) || option_control_finish(parsing) ||
	    option_combine(parsing) || option_expression_finish(parsing) || option_output_finish(parsing) ||
	    option_files_finish(parsing))
		return EXIT_USAGE;
	if (file_conflict_reserve(options, parsing->inputs, parsing->input_count)) {
		log_line("out of memory for the names of files");
		return EXIT_FAILURE;
	}
	if (file_conflict_refuse(options))
		return EXIT_USAGE;
	options->spec.config.asks_owner = process_choice_is_made(&options->spec.who) || options->command;
	options->owner |= process_choice_is_made(&options->spec.who);
	options->spec.config.snaplen = options->copies ? options->snaplen : 0;
	if (options->read_count && options->spec.config.loopback) /* a file may have one of the two copies */
		options->spec.config.loopback = LOOPBACK_KEEP;
	options->explain &= !options->dump_filter; /* -d shows the filter itself */
	options->spec.told_room = told_room(options);
	if (!options->host_names.count && filter_spec_finish(&options->spec)) {
		log_line("out of memory for the lists of addresses");
		return EXIT_FAILURE;
	}
	return 0;
}

int options_parse(int argc, char **argv, struct options *options)
{
	struct parsing parsing = {.options = options};
	int ret = parse(argc, argv, &parsing);

	free(parsing.inputs);
	return ret;
}

void options_release(struct options *options)
{
	for (size_t i = 0; i < options->interface_count; i++)
		free((char *)options->interfaces[i]);
	free(options->interfaces);
	host_names_release(&options->host_names);
	free(options->read_paths);
	free(options->read_list);
	free(options->reserved);
	free(options->expression);
	free(options->filter_text);
	filter_spec_release(&options->spec);
}
