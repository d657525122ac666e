/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_IP_OPTIONS_H
#define BPFSNIFF_IP_OPTIONS_H

#include <stdint.h>

/* Append an IPv4 header's options (RFC 791 3.1, RFC 2113) as text, see header_options_text(). */
char *ip_options_text(char *at, const uint8_t *options, unsigned int captured, unsigned int length);

#endif
