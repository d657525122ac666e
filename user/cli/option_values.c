/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text_builder.h"
#include "base/time_units.h"
#include "cli/option_internal.h"

#define BLANKS " \t"

error_t option_refuse(int key, const char *word, const char *advice)
{
	log_line("%s: '%s' %s", option_typed(key), word, advice);
	return EINVAL;
}

/* Put commas in place of the blanks that separate items, and leave out the others. */
static void join_items(const char *list, struct text_builder *joined)
{
	bool gap = false;

	for (; *list; list++) {
		bool is_blank = strchr(BLANKS, *list),
		     after_item = joined->length && joined->text[joined->length - 1] != ',';

		if (!is_blank)
			text_builder_add(joined, "%s%c", gap && after_item && *list != ',' ? "," : "", *list);
		gap = is_blank;
	}
}

error_t option_refuse_blanks(const struct parsing *parsing, int key, const char *list)
{
	const char *option = option_typed(key), *next = parsing->next;
	char items[OPTION_ADVICE_MAX / 2], advice[OPTION_ADVICE_MAX];
	struct text_builder joined = text_builder_begin(items, sizeof(items));
	bool ends_early = *list && list[strlen(list) - 1] == ',' && next && *next && *next != '-';

	if (!ends_early && !strpbrk(list, BLANKS))
		return 0;
	join_items(list, &joined);
	if (ends_early)
		join_items(next, &joined);
	snprintf(advice, sizeof(advice), "%s; write %s%s%s without blanks",
		 ends_early ? "ends at a blank" : "has a blank", option, option[1] == '-' ? "=" : " ", items);
	return option_refuse(key, list, advice);
}

/* The value is in a word of its own. */
static bool is_option(const char *value)
{
	return value[0] == '-' && (isalpha((unsigned char)value[1]) || (value[1] == '-' && value[2]));
}

error_t option_check_value(int key, const char *word, const char *value)
{
	const struct argp_option *row = option_row(key);
	const char *option = option_typed(key);

	if (word[1] != '-' && word != value && *value == '=') {
		log_line("%s: '%s' begins with '=', which only a long option has; write %s %s", option, value, option,
			 value[1] ? value + 1 : row->arg);
		return EINVAL;
	}
	if (word != value || !is_option(value))
		return 0;
	log_line("option '%s' needs a value, but '%s' is an option: write %s%s%s%s", option, value, option,
		 option[1] == '-' ? "=" : " ", row->arg, key == 'V' ? "; " OPTION_V_OF_TSHARK : "");
	return EINVAL;
}

error_t option_number(int key, const char *word, uint64_t min, uint64_t max, uint64_t *number)
{
	char *end, advice[96];

	errno = 0;
	*number = strtoull(word, &end, 10);
	if (*word >= '0' && *word <= '9' && !*end && !errno && *number >= min && *number <= max)
		return 0;
	snprintf(advice, sizeof(advice), "is not a number from %llu to %llu", (unsigned long long)min,
		 (unsigned long long)max);
	return option_refuse(key, word, advice);
}

error_t option_seconds(int key, const char *word, uint64_t *ns)
{
	char *end;
	double seconds = strtod(word, &end);

	if (end == word || *end || !isfinite(seconds) || seconds < 1e-9 || seconds > 1e9)
		return option_refuse(key, word, "is not a number of seconds above 0, such as 2 or 0.5");
	*ns = (uint64_t)(seconds * NSEC_PER_SEC + 0.5);
	return 0;
}
