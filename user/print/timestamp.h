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
	bool micro;        /* six digits of a second in place of nine */
	bool started;      /* a packet with a time has been seen */
	int64_t reference; /* ns: the time of the previous packet, or of the first */
	int64_t second;    /* the one that `text` describes */
	unsigned int length;
	char text[24]; /* date and time to the second, formatted once per second of packet time */
};

/* Reads the time zone, which may be in a file, so call it before dropping privileges. */
void timestamp_init(struct timestamp *timestamp, enum time_style style);

/* Append the time of a packet, in ns since 1970-01-01 UTC; nothing with TIME_NONE. Returns the new end. */
char *timestamp_text(struct timestamp *timestamp, char *at, int64_t time_ns);

#endif
