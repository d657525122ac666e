/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CLOCK_H
#define BPFSNIFF_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "base/time_units.h"

/* CLOCK_MONOTONIC, in nanoseconds. */
static inline int64_t clock_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* CLOCK_REALTIME, in nanoseconds since 1970-01-01 UTC. */
static inline int64_t clock_real_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

#endif
