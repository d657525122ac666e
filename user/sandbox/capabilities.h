/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CAPABILITIES_H
#define BPFSNIFF_CAPABILITIES_H

#include <stdbool.h>

/* Say in one line which of the capabilities that sniffing needs (capabilities(7)) are missing, and the command that
 * grants them. False, and nothing said, when all are there. */
bool capabilities_explain_missing(bool other_netns);

#endif
