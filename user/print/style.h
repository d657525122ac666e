/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STYLE_H
#define BPFSNIFF_STYLE_H

#include <stdbool.h>

enum time_style {
	TIME_CLOCK,   /* HH:MM:SS.nnnnnnnnn, local time */
	TIME_NONE,    /* -t */
	TIME_EPOCH,   /* -tt */
	TIME_DELTA,   /* -ttt: since the previous packet */
	TIME_DATE,    /* -tttt: YYYY-MM-DD HH:MM:SS.nnnnnnnnn, local time */
	TIME_ELAPSED, /* -ttttt: since the first packet */
	TIME_RFC3339, /* date and time in UTC, as in JSON */
};

/* What text output looks like. */
struct style {
	enum time_style time;
	bool link;    /* -e */
	bool hexdump; /* -X, with brief */
	bool ascii;   /* -A: the payload as text instead of the hexdump; with brief, its first text */
	bool color;
	bool number;     /* -#: with brief, the packet's number first */
	bool lengths;    /* --lengths: how much was captured, and the length on the wire */
	bool micro;      /* six digits of a second in place of nine */
	bool absolute;   /* -S: sequence numbers as they are on the wire */
	bool interfaces; /* the run may have several: with brief, name them from the start */
};

#endif
