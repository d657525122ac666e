/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PACKET_DUMP_H
#define BPFSNIFF_PACKET_DUMP_H

#include "print/text_sink.h"

/* A hexdump of a packet under its text, in the sink's style: of the IP packet, or of the whole frame with -e or
 * where there is no IP. */
void packet_dump(struct text_sink *text, const struct packet *packet);

#endif
