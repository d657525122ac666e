/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that are taken for an EXPRESSION, where something else is meant. */
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "capture/interface_query.h"
#include "cli/display_filter.h"
#include "cli/option_internal.h"
#include "filter/expression.h"
#include "filter/list_values.h"
#include "filter/prefix.h"

/* Whether a word that is no expression is the name of a file. */
static bool is_file(const char *word)
{
	struct stat status;

	return !stat(word, &status) && !S_ISDIR(status.st_mode) &&
	       (strchr(word, '/') || expression_rejects_all(word, LINK_ETHERNET) < 0);
}

/* Whether it looks like that of a capture file. */
static bool looks_like_file(const char *word)
{
	static const char *const ends[] = {".pcap",      ".pcapng",   ".cap",       ".pcap.gz",
					   ".pcapng.gz", ".pcap.zst", ".pcapng.zst"};
	size_t length = strlen(word);

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (length > strlen(ends[i]) && !strcmp(word + length - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

/* An interface before the expression, or in its place. */
static bool refuse_interface(const struct parsing *parsing)
{
	const char *word = parsing->word;
	bool needs_loopback;

	if ((strcmp(word, "any") != 0 && !if_nametoindex(word)) || expression_rejects_all(word, LINK_ETHERNET) >= 0 ||
	    (parsing->words > 1 && expression_rejects_all(parsing->options->expression, LINK_ETHERNET) >= 0))
		return false;
	needs_loopback = interface_hardware_type(word) == ARPHRD_LOOPBACK &&
			 parsing->options->spec.config.loopback == LOOPBACK_DROP;
	log_line("'%s' is an interface, not an expression: write -i %s%s", word, word,
		 needs_loopback ? " --loopback" : "");
	return true;
}

/* An expression on the link-level header, which packets of every interface together do not show. */
static bool needs_interface(const struct options *options, const char *expression)
{
	if (options->interface_count || options->read_count || !*expression)
		return false;
	return strstr(expression, "host ") ? strstr(expression, "ether host ") != NULL
					   : expression_rejects_all(expression, LINK_LINUX_SLL2) < 0;
}

static error_t refuse_display_filter(const struct options *options)
{
	const char *text = options->expression;
	struct display_meaning meaning;
	char written[2 * OPTION_ADVICE_MAX];

	if (display_filter_translate(text, &meaning)) {
		display_filter_write(&meaning, written, sizeof(written));
		log_line("'%s' is a Wireshark display filter: write %s%s", text,
			 needs_interface(options, meaning.expression) ? "-i NAME " : "", written);
	} else {
		log_line("'%s' is a Wireshark display filter: write an expression of pcap-filter(7), such as "
			 "'tcp port 80', or options such as --port=80",
			 text);
	}
	return EINVAL;
}

static bool is_number(const char *word)
{
	return *word && !word[strspn(word, "0123456789")];
}

/* A number behind an option that takes its value otherwise. */
static bool refuse_value(const struct parsing *parsing)
{
	if (!parsing->without_value || !is_number(parsing->word))
		return false;
	log_line("'%s' is read as an EXPRESSION: write %s=%s", parsing->word, option_typed(parsing->without_value),
		 parsing->word);
	return true;
}

/* The first word of EXPRESSION, without the commas before it. */
static const char *item_of(const struct parsing *parsing)
{
	return parsing->word + strspn(parsing->word, ",");
}

/* Whether a word could be in the last list of the command line, and is no expression by itself. */
static bool is_item(const struct parsing *parsing)
{
	const char *word = item_of(parsing);
	uint16_t first, last;
	struct prefix prefix;

	if (!*word)
		return true;
	if (parsing->has_ports ? port_range_parse(word, strcspn(word, ","), &first, &last)
			       : prefix_parse(word, strcspn(word, ","), &prefix))
		return false;
	return expression_rejects_all(word, LINK_ETHERNET) < 0;
}

/* The rest of a list, behind a blank. */
static bool refuse_item(const struct parsing *parsing)
{
	const char *item;

	if (!parsing->list || !is_item(parsing))
		return false;
	item = item_of(parsing);
	log_line("'%s' is read as an EXPRESSION: put commas between the members of a list, without blanks, as in "
		 "%s=%s,%s",
		 parsing->word, option_typed(parsing->list), parsing->list_words, *item ? item : "ITEM");
	return true;
}

/* A value of tshark's -t. */
static bool refuse_time(const struct parsing *parsing)
{
	const char *advice = parsing->times == 1 ? option_time_of_tshark(parsing->word) : NULL;

	if (advice)
		log_line("'-t %s' is an option of tshark: %s", parsing->word, advice);
	return advice != NULL;
}

/* The name of an option without its dashes, such as help. */
static bool refuse_bare_name(const char *word)
{
	for (const struct argp_option *row = option_table; row->name || row->doc; row++) {
		if (!row->name || row->flags & OPTION_HIDDEN || strcmp(row->name, word) != 0 ||
		    expression_rejects_all(word, LINK_ETHERNET) >= 0)
			continue;
		log_line("'%s' is not an EXPRESSION: write --%s%s%s", word, word,
			 row->arg && !(row->flags & OPTION_ARG_OPTIONAL) ? "=" : "",
			 row->arg && !(row->flags & OPTION_ARG_OPTIONAL) ? row->arg : "");
		return true;
	}
	return false;
}

/* A word by itself. */
static bool refuse_word(const char *word)
{
	if (is_file(word))
		log_line("'%s' is a file, not an expression: write -r %s", word, word);
	else if (looks_like_file(word))
		log_line("'%s' is not an expression, and there is no such file; -r FILE reads a capture file", word);
	else
		return refuse_bare_name(word);
	return true;
}

error_t option_words_finish(const struct parsing *parsing)
{
	if (!parsing->words)
		return 0;
	if (refuse_value(parsing) || refuse_item(parsing) || refuse_interface(parsing) || refuse_time(parsing) ||
	    (parsing->words == 1 && refuse_word(parsing->word)))
		return EINVAL;
	return parsing->options->expression && display_filter_is_meant(parsing->options->expression)
		       ? refuse_display_filter(parsing->options)
		       : 0;
}
