/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_OPTIONS_H
#define BPFSNIFF_TCP_OPTIONS_H

#include <stdint.h>

/* Append a TCP header's options (RFC 9293, 7323, 2018, 8684, 7413, 2385, 5925) as text, see header_options_text(). */
char *tcp_options_text(char *at, const uint8_t *options, unsigned int captured, unsigned int length);

/* The same with the edges of SACK counted from `base`, as the ACK number is. */
char *tcp_options_relative(char *at, const uint8_t *options, unsigned int captured, unsigned int length, uint32_t base);

/* Append them in short, as far as they are whole: each with a blank before its name, no padding, and only values that
 * are one number. */
char *tcp_options_short(char *at, const uint8_t *options, unsigned int captured);

#endif
