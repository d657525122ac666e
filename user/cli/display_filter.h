/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DISPLAY_FILTER_H
#define BPFSNIFF_DISPLAY_FILTER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Wireshark's display filters, which people type in place of an expression of pcap-filter(7).
 */

/* Whether a text has a comparison or a field that only display filters have: "tcp.port == 80", "tcp.flags.syn". */
bool display_filter_is_meant(const char *text);

/* Write the expression in quotes that means the same, or the option, into `result`. False, and nothing useful in
 * `result`, if some part of the text has no counterpart that is known here. */
bool display_filter_translate(const char *text, char *result, size_t size);

/* The option for a display filter that is a field of tcp.analysis by itself, such as --tcp-event=retransmission. False
 * if it is none. */
bool display_filter_event(const char *text, char *option, size_t size);

#endif
