/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/option_settle.h"

#include <stdlib.h>

#include "base/log.h"
#include "filter/filter_conflict.h"

/* --explain shows what is rejected, and -d the filter itself: there a filter that matches nothing has its use. */
int options_settle(struct options *options)
{
	char why[FILTER_CONFLICT_MAX];
	int status = host_names_look_up(&options->host_names, &options->spec, options->for_wireshark);

	if (!status && options->host_names.count && filter_spec_finish(&options->spec)) {
		log_line("no memory for the lists of addresses");
		status = EXIT_FAILURE;
	}
	if (status)
		return status;
	options->opened_protocols = filter_open_protocols(&options->spec, options->expression);
	if (options->explain || options->dump_filter ||
	    !filter_conflict(&options->spec, options->expression, options->hidden_in != NULL, why))
		return 0;
	log_line("%s", why);
	return EXIT_USAGE;
}
