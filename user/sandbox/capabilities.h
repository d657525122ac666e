/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CAPABILITIES_H
#define BPFSNIFF_CAPABILITIES_H

#include <stdbool.h>

/* What capabilities(7) are needed for. */
enum capability_use {
	CAPABILITIES_TO_SNIFF,
	CAPABILITIES_TO_SNIFF_ELSEWHERE, /* in another network namespace */
	CAPABILITIES_TO_LOAD,            /* a filter, for a sniffer that runs */
	CAPABILITIES_TO_LOAD_ELSEWHERE,
	CAPABILITIES_TO_KNOW_OWNERS, /* beside those to sniff: the processes of packets */
};

/* Log which of the needed capabilities are missing, and the command that grants all that bpfsniff uses, in one line. In
 * a user namespace of its own, say that none there counts. Returns whether any was missing; if none was, nothing is
 * logged. */
bool capabilities_explain_missing(enum capability_use use);

#endif
