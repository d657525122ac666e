/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_ENDS_H
#define BPFSNIFF_ENDS_H

#include "abi.h"
#include "byte_order.h"
#include "compiler.h"

/* Questions about the two ends of a packet: addresses, ports, and the lists that they are in. */

/* What is asked of both ends: one of the two in LIST_EITHER, each in its own list, none in LIST_NOT. */
ALWAYS_INLINE int lists_hold(__u32 wanted, __u32 source, __u32 destination)
{
	if (wanted & LIST_EITHER && !((source | destination) & LIST_EITHER))
		return 0;
	if (wanted & LIST_SOURCE && !(source & LIST_SOURCE))
		return 0;
	if (wanted & LIST_DESTINATION && !(destination & LIST_DESTINATION))
		return 0;
	return !(wanted & LIST_NOT && (source | destination) & LIST_NOT);
}

/* 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1 (RFC 4291, 2.5.3). */
ALWAYS_INLINE int is_loopback_address(const __u64 address[2])
{
	const __u64 ipv4_net = ADDRESS_HALF(0xffffffffu, SWAP32(0xff000000u));

	return !address[0] && ((address[1] & ipv4_net) == ADDRESS_MAPPED(SWAP32(0x7f000000u)) ||
			       address[1] == ADDRESS_HALF(0, SWAP32(1u)));
}

#endif
