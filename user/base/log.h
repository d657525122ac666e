/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LOG_H
#define BPFSNIFF_LOG_H

#include <stddef.h>

/* Print one line on standard error, made safe for a terminal: "bpfsniff: " and the formatted text. For errors and for
 * the messages of a running sniffer. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Show a text as the last line of the terminal that standard error is, in place of the last such text; NULL: clear the
 * line. log_line() clears it too. */
void log_show(const char *text);

/* Print text of several lines, which is safe. */
void log_text(const char *text, size_t length);

/* While something else is drawn on the terminal that standard error is: keep what would be printed, the last of it if
 * it is much, and print it when it is released. */
void log_hold(void);
void log_release(void);

/* The last line that is kept; NULL: none. It is good until the next one. */
const char *log_held(void);

#endif
