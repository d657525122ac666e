/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TIME_UNITS_H
#define BPFSNIFF_TIME_UNITS_H

enum { NSEC_PER_SEC = 1000000000 };

#endif
