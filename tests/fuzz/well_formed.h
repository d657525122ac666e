/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_WELL_FORMED_H
#define BPFSNIFF_FUZZ_WELL_FORMED_H

#include <stdbool.h>
#include <stddef.h>

/* Whether text may go to a terminal: whole lines of UTF-8 without control characters. With `color` it may select colors
 * (ECMA-48), each of which must be reset on its line. */
bool is_clean_text(const char *text, size_t length, bool color);

/* Whether text is one JSON value (RFC 8259) and a newline, on one line. */
bool is_json_line(const char *text, size_t length);

#endif
