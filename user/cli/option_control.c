/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base/log.h"
#include "cli/option_internal.h"

#define NO_QUESTION " has no effect with --status; leave it out"

enum { PID_LIMIT = 4194304 }; /* PID_MAX_LIMIT of the kernel */

static error_t parse_pid(int key, const char *word, pid_t *pid)
{
	uint64_t number = 0;
	error_t ret;

	*pid = PID_ONLY;
	if (!word)
		return 0;
	ret = option_number(key, word, 1, PID_LIMIT, &number);
	*pid = (pid_t)number;
	return ret;
}

error_t option_control(struct parsing *parsing, int key, const char *word)
{
	switch (key) {
	case KEY_SET_FILTER:
		return parse_pid(key, word, &parsing->options->set_filter_pid);
	case KEY_STATUS:
		return parse_pid(key, word, &parsing->options->status_pid);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

error_t option_control_finish(const struct parsing *parsing)
{
	const struct options *options = parsing->options;
	int other = parsing->other_option;

	if (options->set_filter_pid && options->status_pid)
		log_line("--set-filter and --status cannot be combined; leave out one of them");
	else if (options->set_filter_pid && (other || parsing->json))
		log_line("%s cannot be changed while a sniffer runs; --set-filter takes only filter options and an "
			 "EXPRESSION",
			 option_typed(other ? other : KEY_JSON));
	else if (options->status_pid && other)
		log_line("%s" NO_QUESTION, option_typed(other));
	else if (options->status_pid && parsing->filter_option)
		log_line("%s" NO_QUESTION, option_typed(parsing->filter_option));
	else if (options->status_pid && parsing->expression_file)
		log_line("%s" NO_QUESTION, option_typed('F'));
	else if (options->status_pid && parsing->words)
		log_line("'%s'" NO_QUESTION, options->expression);
	else
		return 0;
	return EINVAL;
}
