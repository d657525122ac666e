/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_names.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "filter/expression.h"
#include "packet/frame.h"

enum {
	TEXT_MAX = 1024, /* bytes of an expression that is looked at: a longer one takes long to compile */
	WORD_MAX = 32,   /* the same of a word; terminator included */
	CLAUSE_MAX = 3 * WORD_MAX,
};

/* Copy the word at *at, and go on behind it. One that is longer is cut. */
static void next_word(const char **at, char word[WORD_MAX])
{
	static const char separators[] = " ()!&|<>=[]:";
	const char *begin = *at + strspn(*at, separators);
	size_t length = strcspn(begin, separators);

	snprintf(word, WORD_MAX, "%.*s", (int)(length < WORD_MAX ? length : WORD_MAX - 1), begin);
	*at = begin + length;
}

/* Whether it is one of pcap-filter(7) for what is neither TCP nor UDP. */
static bool is_other(const char *word)
{
	static const char *const others[] = {"icmp",   "icmp6", "igmp", "igrp", "pim",    "ah",   "esp",
					     "vrrp",   "carp",  "sctp", "arp",  "rarp",   "aarp", "atalk",
					     "decnet", "iso",   "stp",  "ipx",  "netbeui"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strcmp(others[i], word))
			return true;
	return false;
}

/* Whether the expression may match what satisfies a clause and is neither TCP nor UDP. */
static bool may_match(const char *text, const char *clause)
{
	static const uint16_t link_types[] = {LINK_ETHERNET, LINK_LINUX_SLL2};
	char all[TEXT_MAX + CLAUSE_MAX + 64];
	int ret = -1;

	snprintf(all, sizeof(all), "(%s) and (%s) and not (tcp or udp)", text, clause);
	for (size_t i = 0; i < sizeof(link_types) / sizeof(*link_types) && ret < 0; i++)
		ret = expression_rejects_all(all, link_types[i]);
	return !ret;
}

bool expression_names_others(const char *text)
{
	char word[WORD_MAX], before[WORD_MAX] = "", clause[CLAUSE_MAX];
	const char *at = text;

	if (strlen(text) > TEXT_MAX)
		return false;
	for (next_word(&at, word); *word; next_word(&at, word)) {
		const bool is_proto = !strcmp(word, "proto");

		snprintf(clause, sizeof(clause), "%s", word);
		if (is_proto) {
			const bool has_layer =
				!strcmp(before, "ip") || !strcmp(before, "ip6") || !strcmp(before, "ether");

			next_word(&at, word);
			snprintf(clause, sizeof(clause), "%s proto %s", has_layer ? before : "", word);
		}
		if ((is_proto || is_other(word)) && may_match(text, clause))
			return true;
		snprintf(before, sizeof(before), "%s", word);
	}
	return false;
}
