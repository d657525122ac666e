/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_KEPT_LOG_H
#define BPFSNIFF_FUZZ_KEPT_LOG_H

/* How many lines log_line() was given. It prints none. */
extern unsigned int kept_log_lines;

#endif
