/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PROTOCOL_NAMES_H
#define BPFSNIFF_PROTOCOL_NAMES_H

#include <stdint.h>

#include "base/text.h"
#include "packet/packet.h"

/* Names for numbers, the same in every style of output. */

/* An IP protocol number (IANA protocol-numbers). NULL: it has no name here. */
const struct text_word *name_protocol(uint8_t protocol);

/* The protocol number of an IPv6 extension header. NULL: it has no name here. */
const struct text_word *name_extension(uint8_t protocol);

/* An EtherType (IANA ieee-802-numbers). NULL: it has no name here. */
const struct text_word *name_ethertype(uint16_t ethertype);

/* enum link_type. NULL: the link type is not decoded. */
const struct text_word *name_link_type(uint16_t link_type);

const struct text_word *name_checksum_status(enum checksum_status status);

/* "in" or "out". NULL: the direction is not known. */
const struct text_word *name_direction(enum direction direction);

/* The layer in which the capture was cut. NULL: it was not. */
const struct text_word *name_layer(enum layer layer);

/* Append the names of the flags that are set, separated by commas, each in quotes if `quoted`. TCP's start with the low
 * bit (RFC 9293 3.1, RFC 9768 for AE), IP's with the high bit (RFC 791 3.1). Returns the new end. */
char *name_tcp_flags(char *at, uint16_t flags, bool quoted);
char *name_ip_flags(char *at, const struct ip_header *ip, bool quoted);

#endif
