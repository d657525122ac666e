/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DISPLAY_FILTER_H
#define BPFSNIFF_DISPLAY_FILTER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Wireshark's display filters, which people type in place of an expression of pcap-filter(7).
 */

enum {
	DISPLAY_OPTIONS_MAX = 192,    /* bytes, terminator included */
	DISPLAY_EXPRESSION_MAX = 256, /* the same */
};

/* What to write in place of one. */
struct display_meaning {
	char options[DISPLAY_OPTIONS_MAX];       /* "": none */
	char expression[DISPLAY_EXPRESSION_MAX]; /* "": none */
};

/* Whether a text has a comparison or a field that only display filters have: "tcp.port == 80", "tcp.flags.syn". */
bool display_filter_is_meant(const char *text);

/* Find the options and the expression that mean the same, which libpcap takes. False if some part of the text has no
 * counterpart that is known here. */
bool display_filter_translate(const char *text, struct display_meaning *meaning);

/* Write them as they are typed in a shell, with a remark where they say less. */
void display_filter_write(const struct display_meaning *meaning, char *text, size_t size);

#endif
