/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_COLUMNS_H
#define BPFSNIFF_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The columns of the brief style keep their place within a run: each is as wide as the widest text it has had. */

enum {
	COLUMN_MAX = 104,          /* a wider text does not widen its column: two IPv6 addresses with ports fit */
	COLUMN_NUMBER_START = 5,   /* as in tcpdump */
	COLUMN_PLACE_START = 8,    /* eth0 out; where directions are known */
	COLUMN_IPV4_START = 35,    /* TCP 10.9.0.1:40000 > 10.9.0.2:50080 */
	COLUMN_LINK_START = 41,    /* ARP 02:00:00:00:00:01 > 02:00:00:00:00:02 */
	COLUMN_INTERFACE_MAX = 64, /* a file may hold any name */
};

/* Widths in bytes. */
struct columns {
	uint8_t number, time, lengths, place, link;
	uint8_t ipv4, ipv6, other; /* who talks to whom, apart so that IPv6 does not push IPv4 to the right */
	bool shows_place;          /* the run has had more than one interface */
	bool has_interface;        /* the next two are those of the first packet */
	uint32_t interface_id;
	char interface[COLUMN_INTERFACE_MAX];
};

/* Fill the column that begins at `start` and whose text ends at `at` up to its width. Returns the new end. */
static inline char *column_fill(const char *start, char *at, uint8_t *width)
{
	size_t length = (size_t)(at - start);

	if (length < *width) {
		memset(at, ' ', *width - length);
		return at + (*width - length);
	}
	if (length <= COLUMN_MAX)
		*width = (uint8_t)length;
	return at;
}

/* The same, with a blank behind a column that has ever had text. */
static inline char *column_end(const char *start, char *at, uint8_t *width)
{
	at = column_fill(start, at, width);
	*at = ' ';
	return at + (at != start);
}

#endif
