/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_VERDICT_NAMES_H
#define BPFSNIFF_VERDICT_NAMES_H

#include "abi.h"

/* The name of a verdict, as in the JSON output and the manual. A static string. */
const char *verdict_name(enum verdict verdict);

#endif
