/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/major.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/log.h"
#include "base/terminal.h"
#include "base/time_units.h"
#include "cli/option_internal.h"

static error_t set_precision(struct parsing *parsing, int key, const char *word)
{
	struct options *options = parsing->options;
	bool is_micro;

	if (key == KEY_TIME_STAMP_PRECISION && strcmp(word, "micro") != 0 && strcmp(word, "nano") != 0)
		return option_refuse(key, word, "is not one of micro and nano");
	if (key != KEY_MICRO && key != KEY_NANO && key != KEY_TIME_STAMP_PRECISION)
		return ARGP_ERR_UNKNOWN;
	is_micro = key == KEY_MICRO || (word && !strcmp(word, "micro"));
	if (parsing->precision && is_micro != options->writes_micro) {
		log_line(
			"%s and %s cannot be combined, because each sets the digits of a second; leave out one of them",
			option_typed(parsing->precision), option_typed(key));
		return EINVAL;
	}
	parsing->precision = key;
	options->writes_micro = is_micro;
	options->style.micro = is_micro;
	return 0;
}

/* What each line has. */
static error_t set_columns(struct parsing *parsing, int key, const char *word)
{
	struct style *style = &parsing->options->style;

	switch (key) {
	case 'e':
		style->link = true;
		return 0;
	case 't':
		parsing->times++;
		return 0;
	case '#':
		style->number = true;
		return 0;
	case 'S':
		style->absolute = true;
		return 0;
	case KEY_LENGTHS:
		style->lengths = true;
		return 0;
	case KEY_COLOR:
		parsing->color = word;
		return 0;
	default:
		return set_precision(parsing, key, word);
	}
}

static error_t set_style(struct parsing *parsing, int key, const char *word)
{
	struct options *options = parsing->options;

	switch (key) {
	case 'q':
		options->format = FORMAT_BRIEF;
		break;
	case 'x':
	case 'X': /* tcpdump's -xx and -XX begin with the link-level header */
		options->style.hexdump = true;
		options->style.link |= ++parsing->hex[key == 'X'] > 1;
		break;
	case 'A':
		options->style.ascii = true;
		break;
	case KEY_JSON:
		parsing->json = true;
		options->format = FORMAT_JSON;
		break;
	case KEY_EXPLAIN:
		options->explain = true;
		if (options->format == FORMAT_FULL)
			options->format = FORMAT_BRIEF;
		break;
	default:
		return set_columns(parsing, key, word);
	}
	options->text = true;
	return 0;
}

error_t option_output(struct parsing *parsing, int key, const char *word)
{
	struct options *options = parsing->options;

	switch (key) {
	case 'd':
		options->dump_filter++;
		return 0;
	case 'l':
		options->line_buffered = true;
		return 0;
	case KEY_OWNER:
		options->owner = true;
		return 0;
	case KEY_COUNT:
		options->count_only = true;
		return 0;
	case KEY_STATS:
		options->stats_ns = NSEC_PER_SEC;
		return word ? option_seconds(key, word, &options->stats_ns) : 0;
	default:
		return set_style(parsing, key, word);
	}
}

/* NO_COLOR counts with any value but the empty one (https://no-color.org). */
static bool terminal_has_color(void)
{
	const char *refusal = getenv("NO_COLOR");

	return terminal_takes_escapes(STDOUT_FILENO) && !(refusal && *refusal);
}

static error_t settle_color(struct parsing *parsing)
{
	const char *when = parsing->color ? parsing->color : "auto";

	if (!strcmp(when, "auto"))
		parsing->options->style.color = terminal_has_color();
	else if (!strcmp(when, "always"))
		parsing->options->style.color = true;
	else if (strcmp(when, "never") != 0)
		return option_refuse(KEY_COLOR, when, "is not one of auto, always and never");
	return 0;
}

/* A pipe, a socket or a terminal, whatever its name: /dev/stdout and /proc/self/fd/1 are what is open there. */
static bool leads_to_reader(const char *path)
{
	struct stat status;

	if (!path || !strcmp(path, "-") || stat(path, &status))
		return false;
	if (S_ISCHR(status.st_mode)) {
		unsigned int kind = major(status.st_rdev);

		return kind == TTYAUX_MAJOR ||
		       (kind >= UNIX98_PTY_SLAVE_MAJOR && kind < UNIX98_PTY_SLAVE_MAJOR + UNIX98_PTY_MAJOR_COUNT);
	}
	return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
}

/* Where packets go that are not written to a file; sshd(8) gives a command a socket pair instead of a pipe. */
static void find_reader(struct options *options)
{
	struct stat status;

	const char *log = options->flows.log_path;

	options->feeds_named = leads_to_reader(options->write_path) || leads_to_reader(log);
	if (!options->prints && !options->flows.top_ns &&
	    (!options->write_path || strcmp(options->write_path, "-") != 0) && (!log || strcmp(log, "-") != 0))
		return;
	options->feeds_process =
		!fstat(STDOUT_FILENO, &status) && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
	options->feeds_terminal = isatty(STDOUT_FILENO);
}

error_t option_output_finish(struct parsing *parsing)
{
	static const enum time_style styles[] = {TIME_CLOCK, TIME_NONE, TIME_EPOCH,
						 TIME_DELTA, TIME_DATE, TIME_ELAPSED};
	error_t ret;

	if (parsing->times >= sizeof(styles) / sizeof(*styles)) {
		log_line("-t may be repeated only up to -ttttt; leave out the others");
		return EINVAL;
	}
	parsing->options->style.time = styles[parsing->times];
	if (parsing->print && parsing->options->write_path && !parsing->options->text) {
		parsing->options->text = true;
		parsing->options->format = FORMAT_BRIEF;
	}
	if (!parsing->given[KEY_MICRO] && !parsing->given[KEY_NANO] && !parsing->given[KEY_TIME_STAMP_PRECISION])
		parsing->options->style.micro = parsing->options->format == FORMAT_BRIEF;
	ret = option_flows_finish(parsing);
	if (ret)
		return ret;
	find_reader(parsing->options);
	return settle_color(parsing);
}
