/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TIME_UNITS_H
#define BPFSNIFF_TIME_UNITS_H

/* Times are in nanoseconds everywhere, as int64_t or uint64_t. */
enum { NSEC_PER_USEC = 1000, NSEC_PER_SEC = 1000000000 };

#endif
