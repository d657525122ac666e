/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPLANATION_H
#define BPFSNIFF_EXPLANATION_H

#include <stdbool.h>

enum { EXPLANATION_MAX = 512 }; /* bytes of its text */

/* What the filter says of a packet. */
struct explanation {
	const char *verdict; /* "accepted", or the reason of the rejection */
	const char *why;     /* what decided: at most EXPLANATION_MAX bytes, any bytes; NULL: nothing to say */
	bool rejected;
};

#endif
