/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/option_settle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "filter/filter_conflict.h"

/* What the expression does to the default of --protocol is told with the filter. 0 or -ENOMEM, after one line on
 * standard error. */
static int open_protocols(struct options *options)
{
	char *text;

	options->opened_protocols = filter_open_protocols(&options->spec, options->expression);
	options->narrowed = !options->read_count && filter_narrows_expression(&options->spec, options->expression);
	if (!options->opened_protocols)
		return 0;
	if (asprintf(&text, "--protocol=all %s", options->filter_text) < 0) {
		log_line("out of memory for the text of the filter");
		return -ENOMEM;
	}
	free(options->filter_text);
	options->filter_text = text;
	return 0;
}

/* --explain shows what is rejected, and -d the filter itself: there a filter that matches nothing has its use. */
int options_settle(struct options *options)
{
	char why[FILTER_CONFLICT_MAX];
	int status = host_names_look_up(&options->host_names, &options->spec, options->for_wireshark);

	if (!status && options->host_names.count && filter_spec_finish(&options->spec)) {
		log_line("out of memory for the lists of addresses");
		status = EXIT_FAILURE;
	}
	if (status)
		return status;
	if (options->excludes_nothing && !options->for_wireshark) /* to that every line is an error */
		log_line("--not-host-file=%s: the file has no addresses, so it excludes nothing",
			 options->excludes_nothing);
	if (open_protocols(options))
		return EXIT_FAILURE;
	if (options->explain || options->dump_filter)
		return 0;
	if (filter_conflict(&options->spec, options->expression, options->hidden_in != NULL, why)) {
		log_line("%s", why);
		return EXIT_USAGE;
	}
	options->hides_named = filter_hides_named(&options->spec, options->expression);
	if (options->hides_named && options->read_count) /* else it is told once the filter is in place */
		log_line(HIDES_NAMED);
	return 0;
}
