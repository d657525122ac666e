/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/ip_options.h"

#include "print/header_options.h"

static char *addresses(char *at, const uint8_t *bytes, unsigned int length)
{
	for (; length >= 4; bytes += 4, length -= 4) {
		*at++ = ' ';
		at = text_ipv4(at, bytes);
	}
	return header_option_hex(at, bytes, length);
}

/* The pointer counts from 1 at the kind byte, as on the wire. */
static char *route(char *at, const uint8_t *bytes, unsigned int length)
{
	return addresses(text_field(at, " pointer ", bytes[0]), bytes + 1, length - 1);
}

/* Flag 0: timestamps; 1 and 3: pairs of address and timestamp. */
static char *timestamps(char *at, const uint8_t *bytes, unsigned int length)
{
	unsigned int flag = bytes[1] & 0xf;

	at = text_field(at, " pointer ", bytes[0]);
	at = text_field(at, " overflow ", bytes[1] >> 4);
	at = text_field(at, " flag ", flag);
	bytes += 2;
	length -= 2;
	for (; flag == 0 && length >= 4; bytes += 4, length -= 4)
		at = header_option_number(at, bytes, 4);
	for (; (flag == 1 || flag == 3) && length >= 8; bytes += 8, length -= 8)
		at = header_option_number(addresses(at, bytes, 4), bytes + 4, 4);
	return header_option_hex(at, bytes, length);
}

static const struct header_option known[] = {
	{7, 3, 40, TEXT_WORD("record-route"), route},
	{68, 4, 40, TEXT_WORD("timestamp"), timestamps},
	{130, 3, 40, TEXT_WORD("security"), header_option_hex},
	{131, 3, 40, TEXT_WORD("loose-source-route"), route},
	{136, 4, 4, TEXT_WORD("stream-id"), header_option_number},
	{137, 3, 40, TEXT_WORD("strict-source-route"), route},
	{148, 4, 4, TEXT_WORD("router-alert"), header_option_number},
};

char *ip_options_text(char *at, const uint8_t *options, unsigned int captured, unsigned int length)
{
	return header_options_text(at, known, sizeof(known) / sizeof(known[0]), options, captured, length);
}
