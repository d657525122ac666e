/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_H
#define BPFSNIFF_DISSECT_H

#include "dissect_ip.h"
#include "dissect_tags.h"

/*
 * From the header that `ethertype` (host byte order) names, at `offset`, to dissection->key. `transport` asks for ports
 * and TCP flags too, and with DISSECT_LENGTH for the length of the IP packet. A frame that is not IP leaves version 0.
 */
ALWAYS_INLINE void dissect_frame(struct dissect_input *input, __u16 ethertype, __u32 offset, int transport,
				 struct dissection *dissection)
{
	*dissection = (struct dissection){.offset = offset, .end = 0xffffffff};
	if (!is_ip(ethertype))
		ethertype = follow_tags(input, dissection, ethertype);
	if (ethertype == ETHERTYPE_IPV4)
		dissect_ipv4(input, dissection, transport);
	else if (ethertype == ETHERTYPE_IPV6)
		dissect_ipv6(input, dissection, transport);
}

#endif
