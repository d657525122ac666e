/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DISPLAY_FILTER_INTERNAL_H
#define BPFSNIFF_DISPLAY_FILTER_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

/* What the files of display_filter.h share. */

enum {
	DISPLAY_WORD_MAX = 64,  /* bytes of a word, terminator included */
	DISPLAY_TEXT_MAX = 256, /* of a filter and of what it becomes */
};

/* What a field is compared with. */
enum display_kind {
	DISPLAY_PORT,
	DISPLAY_HOST,      /* an address, a prefix or a name */
	DISPLAY_ETHER,     /* an address of Ethernet */
	DISPLAY_ETHERTYPE, /* a number or a keyword */
	DISPLAY_PROTOCOL,  /* the same */
	DISPLAY_VLAN,
	DISPLAY_VERSION,
	DISPLAY_NUMBER, /* every operator compares it */
	DISPLAY_FLAG,   /* 0 or 1; or the field stands by itself */
	DISPLAY_NAME,   /* nothing: the name of a protocol */
};

struct display_field {
	const char *name, *meaning; /* of Wireshark, of pcap-filter(7) */
	const char *within;         /* which packets have it, where the meaning does not imply that; or NULL */
	enum display_kind kind;
	unsigned long max; /* of a number */
};

/* NULL: no field or protocol of this name has a counterpart here. */
const struct display_field *display_field_find(const char *name);

/* Read a word of a display filter: a name or value, perhaps in double quotes, an operator, a bracket. Returns its end.
 */
const char *display_word_next(const char *at, char word[DISPLAY_WORD_MAX]);

/* Whether a word is an operator that compares. *meaning is that of pcap-filter(7); NULL: it has no counterpart. */
bool display_word_operator(const char *word, const char **meaning);

/* The word of pcap-filter(7) for `&&`, `||` and `!`; another word as it is. */
const char *display_word_joint(const char *word);

/* A name of letters with a dot inside, as no number or address has. */
bool display_word_is_field(const char *word);

/* Read what follows the name of a flag: nothing, or a comparison with 0 or 1. Returns the end and whether the flag must
 * be set; NULL: something else follows. */
const char *display_word_flag(const char *at, bool *set);

/* Translate a filter into an expression that libpcap takes. False if some part of it has no counterpart. */
bool display_expression(const char *text, char expression[DISPLAY_TEXT_MAX]);

/* Options for conditions that an expression cannot express, or not for IPv6. */
struct display_options {
	char flags[DISPLAY_WORD_MAX];  /* the list of --tcp-flags */
	char events[DISPLAY_WORD_MAX]; /* the list of --tcp-event */
};

/* Add a filter that tests a flag of TCP or names TCP events, joined by `or`. False if it does neither, or if
 * --tcp-event has a list already. */
bool display_options_add(struct display_options *options, const char *text);

#endif
