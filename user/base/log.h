/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LOG_H
#define BPFSNIFF_LOG_H

/* One line on standard error: "bpfsniff: " and the sentence. For errors and for what a running sniffer has to say. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
