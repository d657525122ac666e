/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_INTERNAL_H
#define BPFSNIFF_OPTION_INTERNAL_H

#include "cli/option_table.h"
#include "cli/options.h"

/* What the parts of options_parse() share. */

/* What options_parse() knows beside the options. */
struct parsing {
	struct options *options;
	const char *color;
	unsigned int times; /* how often -t was given */
	bool help;
	int other_option;     /* the key of one that is neither filter, control nor --json; 0: none */
	bool json;            /* --json was given */
	bool expression_file; /* it takes the place of words */
	bool said;            /* why it stops: the line on standard error, the help or the version */
};

/* Each takes an option of its group, with its value: 0, ARGP_ERR_UNKNOWN when it is of another group, or an errno after
 * one line on standard error. */
error_t option_capture(struct parsing *parsing, int key, const char *word);
error_t option_spec(struct parsing *parsing, int key, const char *word);
error_t option_filter(struct parsing *parsing, int key, const char *word);
error_t option_control(struct parsing *parsing, int key, const char *word);
error_t option_files(struct parsing *parsing, int key, const char *word);
error_t option_output(struct parsing *parsing, int key, const char *word);

/* What is left to be settled when all options are known. 0 or an errno after one line on standard error. */
error_t option_control_finish(const struct parsing *parsing);
error_t option_files_finish(const struct parsing *parsing);
error_t option_output_finish(struct parsing *parsing);

/* Say in one line that the value of an option cannot be understood, and what to write. EINVAL. */
error_t option_refuse(int key, const char *word, const char *advice);

/* A whole number from min to max, or option_refuse(). */
error_t option_number(int key, const char *word, uint64_t min, uint64_t max, uint64_t *number);

/* A number of seconds above 0, in ns, or option_refuse(). */
error_t option_seconds(int key, const char *word, uint64_t *ns);

/* Say in one line what is wrong with a word that argp could not take as an option; false when nothing is. */
bool option_explain_unknown(const struct argp_option *table, const char *word);

#endif
