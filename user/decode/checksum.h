/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CHECKSUM_H
#define BPFSNIFF_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The Internet checksum (RFC 1071). Sums are of words as they lie in memory (RFC 1071, 2 (B)): numbers that
 * are added to one are in network byte order. */

/* Add `length` bytes to a sum. After an odd number nothing more may be added. */
uint64_t checksum_add(uint64_t sum, const void *bytes, size_t length);

/* Does a sum over all that a checksum covers, itself included, prove it right? */
bool checksum_proves(uint64_t sum);

#endif
