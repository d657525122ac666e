/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LOG_H
#define BPFSNIFF_LOG_H

/* Print one line on standard error, made safe for a terminal: "bpfsniff: " and the formatted text. For errors and for
 * the messages of a running sniffer. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Show a text as the last line of the terminal that standard error is, in place of the last such text; NULL: clear the
 * line. log_line() clears it too. */
void log_show(const char *text);

#endif
