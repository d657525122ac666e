/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_H
#define BPFSNIFF_DISSECT_H

#include "dissect_ip.h"
#include "dissect_tags.h"

/*
 * From the header that `ethertype` (host byte order) names, at `offset`, to walk->key. `transport` asks for ports and
 * TCP flags too. A frame that is not IP leaves version 0.
 */
WALK_INLINE void walk_frame(struct walk_input *input, __u16 ethertype, __u32 offset, int transport, struct walk *walk)
{
	*walk = (struct walk){.offset = offset, .end = 0xffffffff};
	if (!is_ip(ethertype))
		ethertype = follow_tags(input, walk, ethertype);
	if (ethertype == ETHERTYPE_IPV4)
		walk_ipv4(input, walk, transport);
	else if (ethertype == ETHERTYPE_IPV6)
		walk_ipv6(input, walk, transport);
}

#endif
