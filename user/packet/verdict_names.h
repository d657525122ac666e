/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_VERDICT_NAMES_H
#define BPFSNIFF_VERDICT_NAMES_H

#include "abi.h"

/* The contract's word for a verdict. */
const char *verdict_name(enum verdict verdict);

#endif
