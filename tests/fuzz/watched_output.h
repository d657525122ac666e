/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_WATCHED_OUTPUT_H
#define BPFSNIFF_FUZZ_WATCHED_OUTPUT_H

#include <stddef.h>

/*
 * Replaces user/base/output.c: keeps the output instead of writing it, and poisons what follows the requested room, so
 * that the address sanitizer reports a write of one byte too many.
 */

/* The output since the last watched_output_clear(). */
const char *watched_output(size_t *length);
void watched_output_clear(void);

#endif
