/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CAPABILITIES_H
#define BPFSNIFF_CAPABILITIES_H

#include <stdbool.h>

/* Log which of the capabilities(7) that sniffing needs are missing, and the command that grants them, in one line. With
 * other_netns, include what --netns needs. In a user namespace of its own, say that none there counts. Returns whether
 * any was missing; if none was, nothing is logged. */
bool capabilities_explain_missing(bool other_netns);

#endif
