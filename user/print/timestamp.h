/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TIMESTAMP_H
#define BPFSNIFF_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "print/style.h"

enum { TIMESTAMP_MAX = 32 }; /* bytes that timestamp_text() writes at most */

/* Times of packets as text, in one style. */
struct timestamp {
	enum time_style style;
	bool started;      /* there has been a packet with a time */
	int64_t reference; /* ns: of the previous packet, or of the first */
	int64_t second;    /* the one that `text` is about */
	unsigned int length;
	char text[24]; /* date and time up to the second; made once a second of packet time */
};

/* Reads the time zone, which may need a file: before privileges are given up. */
void timestamp_init(struct timestamp *timestamp, enum time_style style);

/* Append the time of a packet, in ns since 1970-01-01 UTC; nothing with TIME_NONE. Returns the new end. */
char *timestamp_text(struct timestamp *timestamp, char *at, int64_t time_ns);

#endif
