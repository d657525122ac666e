/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DECODE_H
#define BPFSNIFF_DECODE_H

#include "packet/packet.h"

/*
 * Decode a frame, outermost IP header first (RFC 791, 8200, 9293, 768). Never fails and never reads past
 * frame->captured: what is cut or contradicts itself is said in packet->truncated and packet->malformed, and what
 * follows it is payload. *packet points into *frame, and is valid as long as that is.
 */
void decode(const struct frame *frame, struct packet *packet);

#endif
