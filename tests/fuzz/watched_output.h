/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_WATCHED_OUTPUT_H
#define BPFSNIFF_FUZZ_WATCHED_OUTPUT_H

#include <stddef.h>

/*
 * Takes the place of user/output.c: nothing is written, all is kept, and one byte more than the room that was asked for
 * is an error to the address sanitizer, not just a byte of a large buffer.
 */

/* What was put out since the last watched_output_clear(). */
const char *watched_output(size_t *length);
void watched_output_clear(void);

#endif
