/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/tcp_options.h"

#include <arpa/inet.h>
#include <string.h>

#include "header_option.h"
#include "print/header_options.h"

/* Pairs of edges, left:right (RFC 2018 3). If the length is not a multiple of eight, the remainder is in hex. */
static char *sack(char *at, const uint8_t *bytes, unsigned int length)
{
	for (; length >= 8; bytes += 8, length -= 8) {
		char *right = header_option_number(at, bytes, 4);

		at = header_option_number(right, bytes + 4, 4);
		*right = ':'; /* replaces the blank */
	}
	return header_option_hex(at, bytes, length);
}

/* TSval and TSecr (RFC 7323 3.2). */
static char *timestamp(char *at, const uint8_t *bytes, unsigned int length)
{
	at = header_option_number(at, bytes, length / 2);
	return header_option_number(at, bytes + length / 2, length / 2);
}

/* KeyID, RNextKeyID, MAC (RFC 5925 2.2). */
static char *authentication(char *at, const uint8_t *bytes, unsigned int length)
{
	at = text_field(at, " keyid ", bytes[0]);
	at = text_field(at, " rnextkeyid ", bytes[1]);
	if (length == 2)
		return at;
	return header_option_hex(text_string(at, " mac"), bytes + 2, length - 2);
}

/* An empty one asks for a cookie (RFC 7413 4.1.1). */
static char *fast_open(char *at, const uint8_t *bytes, unsigned int length)
{
	return length ? header_option_hex(text_string(at, " cookie"), bytes, length) : text_string(at, " request");
}

/* The subtype's name, and all of the value in hex (RFC 8684 3, 8). */
static char *multipath(char *at, const uint8_t *bytes, unsigned int length)
{
	static const char *const subtypes[16] = {
		[0] = "capable", [1] = "join", [2] = "dss",       [3] = "add-addr", [4] = "remove-addr",
		[5] = "prio",    [6] = "fail", [7] = "fastclose", [8] = "tcprst",   [15] = "experimental",
	};
	unsigned int subtype = bytes[0] >> 4;

	*at++ = ' ';
	at = subtypes[subtype] ? text_string(at, subtypes[subtype]) : text_field(at, "subtype ", subtype);
	return header_option_hex(at, bytes, length);
}

static const struct header_option known[] = {
	{2, 4, 4, TEXT_WORD("mss"), header_option_number},
	{3, 3, 3, TEXT_WORD("wscale"), header_option_number},
	{4, 2, 2, TEXT_WORD("sackOK"), NULL},
	{5, 2, 40, TEXT_WORD("sack"), sack},
	{8, 10, 10, TEXT_WORD("timestamp"), timestamp},
	{19, 18, 18, TEXT_WORD("md5"), header_option_hex},
	{29, 4, 40, TEXT_WORD("ao"), authentication},
	{30, 3, 40, TEXT_WORD("mptcp"), multipath},
	{34, 2, 18, TEXT_WORD("tfo"), fast_open},
};

char *tcp_options_text(char *at, const uint8_t *options, unsigned int captured, unsigned int length)
{
	return header_options_text(at, known, sizeof(known) / sizeof(known[0]), options, captured, length);
}

static void rebase_edge(uint8_t *bytes, uint32_t base)
{
	uint32_t edge;

	memcpy(&edge, bytes, sizeof(edge));
	edge = htonl(ntohl(edge) - base);
	memcpy(bytes, &edge, sizeof(edge));
}

char *tcp_options_relative(char *at, const uint8_t *options, unsigned int captured, unsigned int length, uint32_t base)
{
	enum { OPTIONS_MAX = 40, SACK = 5 };
	uint8_t copy[OPTIONS_MAX];
	unsigned int step;

	if (!base || captured > sizeof(copy))
		return tcp_options_text(at, options, captured, length);
	memcpy(copy, options, captured);
	for (unsigned int start = 0; start < captured && copy[start] != HEADER_OPTION_END; start += step) {
		step = header_option_step(copy + start, captured - start);
		if (!step || step > captured - start)
			break;
		for (unsigned int edges = 2; copy[start] == SACK && edges + 8 <= step; edges += 8) {
			rebase_edge(copy + start + edges, base);
			rebase_edge(copy + start + edges + 4, base);
		}
	}
	return tcp_options_text(at, copy, captured, length);
}

/* One option; a value that is one number follows its name. */
static char *short_option(char *at, const uint8_t *option, unsigned int length)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].kind != option[0])
			continue;
		at = text_word(text_string(at, " "), &known[i].name);
		return known[i].value == header_option_number && length == known[i].length_min
			       ? header_option_number(at, option + 2, length - 2)
			       : at;
	}
	return text_field(at, " option ", option[0]);
}

char *tcp_options_short(char *at, const uint8_t *options, unsigned int captured)
{
	unsigned int step;

	for (unsigned int start = 0; start < captured && options[start] != HEADER_OPTION_END; start += step) {
		step = header_option_step(options + start, captured - start);
		if (!step || step > captured - start)
			break;
		if (options[start] != HEADER_OPTION_NO_OPERATION)
			at = short_option(at, options + start, step);
	}
	return at;
}
