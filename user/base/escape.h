/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_ESCAPE_H
#define BPFSNIFF_ESCAPE_H

/* Strings that others made, such as interface names in files: any bytes, of any length. */

enum { ESCAPE_JSON_MAX = 6 }; /* bytes that escape_json() appends at most */

/* Append the next character of [*from, end), escaped for a JSON string (RFC 8259 7), and move *from behind it. A byte
 * that is not part of valid UTF-8 becomes U+FFFD. Returns the new end. */
char *escape_json(char *at, const char **from, const char *end);

/* Append at most `max` bytes of a string, fit for a terminal: control characters and what is not valid UTF-8 become
 * question marks. Returns the new end. */
char *escape_terminal(char *at, const char *string, unsigned int max);

#endif
