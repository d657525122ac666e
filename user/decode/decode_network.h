/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DECODE_NETWORK_H
#define BPFSNIFF_DECODE_NETWORK_H

#include <stdint.h>

#include "packet/frame.h"

/* Where the IP header of a frame stands. */
struct network_place {
	uint16_t ethertype; /* of IPv4 or IPv6, as the link level says; 0: there is no IP header */
	uint32_t offset;    /* in the frame, of the bytes behind the link-level headers */
	uint32_t end;       /* of what those headers enclose; behind it is padding */
};

/* Follow the link-level headers as decode() does, whatever the link type. */
struct network_place decode_network(const struct frame *frame);

#endif
