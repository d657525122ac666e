/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_HEXDUMP_H
#define BPFSNIFF_HEXDUMP_H

#include <stdint.h>

#include "output.h"

/* Write lines of sixteen bytes: the offset from 0 in at least four hexadecimal digits, the bytes in upper-case
 * hexadecimal, and what of them is printable ASCII, with a dot for the rest. */
void hexdump(struct output *output, const uint8_t *bytes, uint32_t length);

/* Write the bytes as text: printable ASCII, newlines and tabs kept, a dot for the rest; ends in a newline unless there
 * is nothing to show. */
void asciidump(struct output *output, const uint8_t *bytes, uint32_t length);

#endif
