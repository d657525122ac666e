/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_INTERNAL_H
#define BPFSNIFF_OPTION_INTERNAL_H

#include "cli/option_table.h"
#include "cli/option_typed.h"
#include "cli/options.h"

/* What the files of options_parse() share. */

#define OPTION_V_OF_TSHARK "the default shows every field, as tshark -V does"

enum { OPTION_ADVICE_MAX = 256 }; /* bytes, terminator included */

/* The state of options_parse() beside the options. */
struct parsing {
	struct options *options;
	const char *color;
	int precision;           /* the last option that sets the digits of a second; 0: none */
	unsigned int times;      /* how often -t was given */
	bool given[OPTION_KEYS]; /* by key, without those of option_accepted() */
	int other_option;        /* the key of an option that does not go with --set-filter and --status; 0: none */
	int filter_option;       /* the key of the first filter option; 0: none */
	const char *next;        /* the word behind the option that is parsed; NULL: none */
	bool json;               /* --json was given */
	unsigned int hex[2];     /* how often -x and -X were given */
	bool expression_file;    /* -F was given */
	size_t words;            /* of EXPRESSION on the command line */
	const char *word;        /* the first of them */
	int without_value;       /* the last option that was given without the value that it may have; 0: none */
	int list;                /* the last option that has a list of addresses or ports; 0: none */
	bool has_ports;          /* it is one of ports */
	const char *list_words;  /* that list */
	const char **inputs;     /* the files that hold lists and expressions; owned */
	size_t input_count;
	bool print; /* --print was given */
	bool said;  /* the reason to stop has been printed: an error, the help or the version */
};

/* Each takes an option of its group, with its value or NULL. 0, ARGP_ERR_UNKNOWN if the option is of another group, or
 * an errno after one line on standard error. */
error_t option_accepted(struct parsing *parsing, int key, const char *word);
error_t option_capture(struct parsing *parsing, int key, const char *word);
error_t option_filter(struct parsing *parsing, int key, const char *word);
error_t option_expression(struct parsing *parsing, int key, const char *word);
error_t option_control(struct parsing *parsing, int key, const char *word);
error_t option_files(struct parsing *parsing, int key, const char *word);
error_t option_output(struct parsing *parsing, int key, const char *word);
error_t option_flows(struct parsing *parsing, int key, const char *word);

/* Take a word of EXPRESSION. 0 or an errno. */
error_t option_word(struct parsing *parsing, const char *word);

/* What holds for flows if no option says otherwise. */
void option_flows_init(struct options *options);

/* Find a command behind `--` and note it. Returns the number of words that are not of it. */
int option_split_command(int argc, char **argv, struct options *options);
error_t option_command_finish(const struct parsing *parsing);

/* Refuse options of which one would be ignored. 0, or EINVAL after one line on standard error. */
error_t option_combine(const struct parsing *parsing);

/* Check and complete a group when all options are known. 0, or an errno after one line on standard error. */
error_t option_words_finish(const struct parsing *parsing);
error_t option_control_finish(const struct parsing *parsing);
error_t option_expression_finish(const struct parsing *parsing);
error_t option_files_finish(const struct parsing *parsing);
error_t option_output_finish(struct parsing *parsing);
error_t option_flows_finish(const struct parsing *parsing); /* called by option_output_finish() */

/* Print one line that quotes the value of an option and says what is wrong with it. Returns EINVAL. */
error_t option_refuse(int key, const char *word, const char *advice);

/* Parse a whole number from min to max. 0, or EINVAL by option_refuse(). */
error_t option_number(int key, const char *word, uint64_t min, uint64_t max, uint64_t *number);

/* Parse a number of seconds above 0 into ns. 0, or EINVAL by option_refuse(). */
error_t option_seconds(int key, const char *word, uint64_t *ns);

/* Refuse a list that has blanks, or that ends in a comma before another word. 0, or EINVAL by option_refuse(). */
error_t option_refuse_blanks(const struct parsing *parsing, int key, const char *list);

/* Refuse what stands for the value of an option: a text behind `=` after a letter, or another option. `word` is the
 * word that the option was given in. 0, or EINVAL after one line on standard error. */
error_t option_check_value(int key, const char *word, const char *value);

/* Print one line on a long option with one dash, which would be parsed as letters. False, and no line, if a word is
 * none. */
bool option_explain_one_dash(const struct argp_option *table, const char *word);

/* Print one line on a long option that others have, and that argp would take for the beginning of a name here: `--ip`
 * for --ipfix. False, and no line, if a word is none. */
bool option_explain_abbreviated(const struct argp_option *table, const char *word);

/* Print one line on what is wrong with a word that argp could not take as an option; `next` is the word after it or
 * NULL. False, and no line, if nothing is wrong. */
bool option_explain_unknown(const struct argp_option *table, const char *word, const char *next);

/* What to write here in place of an option of tcpdump or tshark that this program does not have: a letter ("-Y") or a
 * long option ("--monitor-mode"), `value` being what was given to it or NULL. False: it is none of theirs. */
bool option_foreign(const char *option, size_t length, const char *value, char advice[OPTION_ADVICE_MAX]);

/* What to write in place of -t with a value that it has in tshark, such as "ad"; NULL: it has no such value. */
const char *option_time_of_tshark(const char *value);

#endif
