/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TIME_UNITS_H
#define BPFSNIFF_TIME_UNITS_H

#include <stdint.h>

/* Times are in nanoseconds everywhere, as int64_t or uint64_t. */
enum { NSEC_PER_USEC = 1000, NSEC_PER_SEC = 1000000000 };

/* include/ compares times without sign, and takes 0 for none: there they count from 2^63 ns before 1970-01-01 UTC. */
#define TIME_1970 ((uint64_t)1 << 63)

/* Of ns since 1970-01-01 UTC. */
static inline uint64_t time_unsigned(int64_t ns)
{
	return (uint64_t)ns + TIME_1970;
}

/* The opposite; of none the earliest time of all. */
static inline int64_t time_since_1970(uint64_t time)
{
	return (int64_t)(time - TIME_1970);
}

#endif
