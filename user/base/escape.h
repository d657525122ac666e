/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_ESCAPE_H
#define BPFSNIFF_ESCAPE_H

/* Strings from untrusted sources, such as interface names in files: any bytes, of any length. */

enum { ESCAPE_JSON_MAX = 6 }; /* the most bytes that escape_json() appends */

/* Append at `at` the next character of [*from, end), escaped for a JSON string (RFC 8259 section 7), and advance *from
 * past it. Controls of a terminal, and those that change the order in which text is shown, are escaped too. A byte that
 * is not part of valid UTF-8 becomes U+FFFD. Returns the new end. */
char *escape_json(char *at, const char **from, const char *end);

/* Append at `at` at most `max` bytes of a string, made safe for a terminal: control characters, also the bidirectional
 * ones, and bytes that are not valid UTF-8 become question marks. Never longer than the string. Returns the new end. */
char *escape_terminal(char *at, const char *string, unsigned int max);

/* As escape_terminal(), but keep newlines and tabs: for a report of several lines. */
char *escape_lines(char *at, const char *string, unsigned int max);

#endif
