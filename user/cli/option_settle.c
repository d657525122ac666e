/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/option_settle.h"

#include "base/log.h"
#include "filter/filter_conflict.h"

/* --explain shows what is rejected, and -d the filter itself: there a filter that matches nothing has its use. */
int options_settle(struct options *options)
{
	char why[FILTER_CONFLICT_MAX];

	options->opened_protocols = filter_open_protocols(&options->spec, options->expression);
	if (options->explain || options->dump_filter ||
	    !filter_conflict(&options->spec, options->expression, options->hidden_in != NULL, why))
		return 0;
	log_line("%s", why);
	return EXIT_USAGE;
}
