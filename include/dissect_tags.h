/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_TAGS_H
#define BPFSNIFF_DISSECT_TAGS_H

#include "dissect_input.h"

/* What stands between the link-level and the IP header. */

enum { WALK_TAGS = 12 };

/* One label. The one with the bottom bit is the last (RFC 3032, 2.1); the first nibble behind it tells IPv4 from IPv6.
 */
WALK_INLINE __u16 walk_mpls(struct walk_input *input, struct walk *walk)
{
	__u8 label[4], version;

	if (walk_load(input, walk->offset, label, sizeof(label)))
		return 0;
	walk->offset += sizeof(label);
	if (!(label[2] & 1))
		return ETHERTYPE_MPLS;
	if (walk_load(input, walk->offset, &version, sizeof(version)))
		return 0;
	return version >> 4 == 4 ? ETHERTYPE_IPV4 : version >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
}

/* PPP protocol numbers (RFC 1332, RFC 5072) as ethertypes. */
WALK_INLINE __u16 walk_ppp_ethertype(__u16 protocol)
{
	switch (protocol) {
	case 0x0021:
		return ETHERTYPE_IPV4;
	case 0x0057:
		return ETHERTYPE_IPV6;
	case 0x0281:
		return ETHERTYPE_MPLS;
	default:
		return 0;
	}
}

/* RFC 2516, 4: version 1, type 1, code 0 is session data; behind the header stands a PPP protocol of one byte or two
 * (RFC 1661, 2). */
WALK_INLINE __u16 walk_pppoe(struct walk_input *input, struct walk *walk)
{
	__u8 header[7], low;

	if (walk_load(input, walk->offset, header, sizeof(header)) || header[0] != 0x11 || header[1] != 0)
		return 0;
	walk->offset += sizeof(header);
	if (header[6] & 1)
		return walk_ppp_ethertype(header[6]);
	if (walk_load(input, walk->offset, &low, sizeof(low)))
		return 0;
	walk->offset += sizeof(low);
	return walk_ppp_ethertype((__u16)(header[6] << 8 | low));
}

/* RFC 1042: LLC AA AA 03, then SNAP with an organisation of zero and an ethertype. */
WALK_INLINE __u16 walk_llc(struct walk_input *input, struct walk *walk)
{
	__u8 header[8];

	if (walk_load(input, walk->offset, header, sizeof(header)))
		return 0;
	walk->offset += sizeof(header);
	if (header[0] != 0xaa || header[1] != 0xaa || header[2] != 0x03 || header[3] || header[4] || header[5])
		return 0;
	return (__u16)(header[6] << 8 | header[7]);
}

/* One VLAN tag (IEEE 802.1Q, 9.3). */
WALK_INLINE __u16 walk_vlan(struct walk_input *input, struct walk *walk)
{
	__u8 tag[4];

	if (walk_load(input, walk->offset, tag, sizeof(tag)))
		return 0;
	walk->offset += sizeof(tag);
	return (__u16)(tag[2] << 8 | tag[3]);
}

/* Skip what stands between the link-level and the IP header, one layer of it: the ethertype of what follows, 0 when
 * that leads nowhere. */
WALK_INLINE __u16 walk_tag(struct walk_input *input, struct walk *walk, __u16 ethertype)
{
	switch (ethertype) {
	case ETHERTYPE_VLAN:
	case ETHERTYPE_SERVICE_VLAN:
	case ETHERTYPE_OLD_VLAN:
		return walk_vlan(input, walk);
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return walk_mpls(input, walk);
	case ETHERTYPE_PPPOE_SESSION:
		return walk_pppoe(input, walk);
	case 1 ... ETHERTYPE_LLC_MAX:
		return walk_llc(input, walk);
	default:
		return 0;
	}
}

WALK_INLINE int is_ip(__u16 ethertype)
{
	return ethertype == ETHERTYPE_IPV4 || ethertype == ETHERTYPE_IPV6;
}

/* Skip all of it: the ethertype of the IP header, or 0. */
WALK_INLINE __u16 walk_tags(struct walk_input *input, struct walk *walk, __u16 ethertype)
{
	WALK_UNROLL
	for (int i = 0; i < WALK_TAGS; i++) {
		ethertype = follow_tag(input, walk, ethertype);
		if (!ethertype || is_ip(ethertype))
			return ethertype;
	}
	return 0;
}

#endif
