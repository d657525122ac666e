/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LIST_VALUES_H
#define BPFSNIFF_LIST_VALUES_H

#include <stddef.h>
#include <stdint.h>

/* Parsers for the words of a comma-separated list. A word is the first `length` bytes of `text`, not terminated. */

enum { LIST_WORD_MAX = 64 }; /* bytes, terminator included */

/* Make a terminated copy of a word. 0, or -EINVAL if the word is empty or too long. */
int list_word_copy(const char *text, size_t length, char word[LIST_WORD_MAX]);

/* Parse a terminated decimal number up to max, without a sign. 0 or -EINVAL. */
int list_number_parse(const char *text, unsigned long max, unsigned long *number);

/* Parse a port, a range or a service (services(5)): "53", "8000-8100", "https". Ports are in host byte order. 0 or
 * -EINVAL. */
int port_range_parse(const char *text, size_t length, uint16_t *first, uint16_t *last);

/* Parse an IP protocol (protocols(5)): "tcp", "icmp6", "132". Returns its number, or -EINVAL. */
int protocol_parse(const char *text, size_t length);

/* Parse a TCP flag: "syn", "!ack". *bit is its bit in the byte of flags (RFC 9293, 3.1), *clear is 1 if the bit must be
 * clear and 0 if it must be set. 0 or -EINVAL. */
int tcp_flag_parse(const char *text, size_t length, uint8_t *bit, int *clear);

/* Parse an event of --tcp-event: "retransmission", "any"; add its bits (enum tcp_event) to *events. 0 or -EINVAL. */
int tcp_event_parse(const char *text, size_t length, uint32_t *events);

#endif
