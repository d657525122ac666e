/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LIST_VALUES_H
#define BPFSNIFF_LIST_VALUES_H

#include <stddef.h>
#include <stdint.h>

/* The words of a comma-separated list; `text` need not be terminated. */

enum { LIST_WORD_MAX = 64 }; /* bytes, with the terminator */

/* A terminated copy of a word, for the functions of libc. 0 or -EINVAL. */
int list_word_copy(const char *text, size_t length, char word[LIST_WORD_MAX]);

/* A decimal number up to max, without a sign; `text` is terminated. 0 or -EINVAL. */
int list_number_parse(const char *text, unsigned long max, unsigned long *number);

/* "53", "8000-8100", "https" (services(5)). 0 or -EINVAL. */
int port_range_parse(const char *text, size_t length, uint16_t *first, uint16_t *last);

/* "tcp", "icmp6", "132" (protocols(5)). The number, or -EINVAL. */
int protocol_parse(const char *text, size_t length);

/* "syn", "!ack". The bit of the flags byte (RFC 9293, 3.1) in *bit, whether it must be clear in *clear. 0 or -EINVAL.
 */
int tcp_flag_parse(const char *text, size_t length, uint8_t *bit, int *clear);

#endif
