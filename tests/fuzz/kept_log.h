/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_KEPT_LOG_H
#define BPFSNIFF_FUZZ_KEPT_LOG_H

/* Lines that log_line() was given; it prints none. */
extern unsigned int kept_log_lines;

#endif
