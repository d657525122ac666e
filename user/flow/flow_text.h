/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TEXT_H
#define BPFSNIFF_FLOW_TEXT_H

#include "base/text.h"
#include "flow/flow_table.h"

enum {
	FLOW_ADDRESS_MAX = TEXT_IPV6_MAX + TEXT_OVERRUN + 1,
	FLOW_TIME_MAX = 64,
	FLOW_AMOUNT_MAX = 32,
};

/* An address of 16 bytes as text, terminated; with IP version 4 it is mapped into IPv6 (RFC 4291, 2.5.5.2). */
void flow_text_address(char text[FLOW_ADDRESS_MAX], const uint8_t *address, uint8_t version);

/* What the flows together hold, in one line without its end, terminated and cut at `size`. */
void flow_text_sums(char *text, size_t size, const struct flow_sums *sums);

/* ns since 1970-01-01 UTC as in RFC 3339, with nine digits of a second; terminated. */
void flow_text_time(char text[FLOW_TIME_MAX], int64_t ns);

#endif
