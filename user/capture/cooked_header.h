/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_COOKED_HEADER_H
#define BPFSNIFF_COOKED_HEADER_H

#include <linux/if_packet.h>
#include <stdint.h>

#include "packet/frame.h"
#include "protocols.h"

/* Take off the first `length` bytes of a frame, or all that was captured of them. */
void link_header_remove(struct frame *frame, uint32_t length);

/* Write a Linux cooked header (tcpdump.org/linktypes, LINKTYPE_LINUX_SLL) in front of `bytes`, where the frame begins:
 * COOKED_HEADER bytes can be overwritten there. */
void cooked_header_put(struct frame *frame, uint8_t *bytes, const struct sockaddr_ll *address);

#endif
