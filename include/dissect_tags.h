/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_TAGS_H
#define BPFSNIFF_DISSECT_TAGS_H

#include "dissect_input.h"

/* What stands between the link-level and the IP header. */

enum { DISSECT_TAGS = 12 };

/* One label. The one with the bottom bit is the last (RFC 3032, 2.1); the first nibble behind it tells IPv4 from IPv6.
 */
ALWAYS_INLINE __u16 dissect_mpls(struct dissect_input *input, struct dissection *dissection)
{
	__u8 label[4], version;

	if (dissect_load(input, dissection->offset, label, sizeof(label)))
		return 0;
	dissection->offset += sizeof(label);
	if (!(label[2] & 1))
		return ETHERTYPE_MPLS;
	if (dissect_load(input, dissection->offset, &version, sizeof(version)))
		return 0;
	return version >> 4 == 4 ? ETHERTYPE_IPV4 : version >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
}

/* PPP protocol numbers (RFC 1332, RFC 5072) as ethertypes. */
ALWAYS_INLINE __u16 dissect_ppp_ethertype(__u16 protocol)
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
ALWAYS_INLINE __u16 dissect_pppoe(struct dissect_input *input, struct dissection *dissection)
{
	__u8 header[7], low;

	if (dissect_load(input, dissection->offset, header, sizeof(header)) || header[0] != 0x11 || header[1] != 0)
		return 0;
	dissection->offset += sizeof(header);
	if (header[6] & 1)
		return dissect_ppp_ethertype(header[6]);
	if (dissect_load(input, dissection->offset, &low, sizeof(low)))
		return 0;
	dissection->offset += sizeof(low);
	return dissect_ppp_ethertype((__u16)(header[6] << 8 | low));
}

/* RFC 1042: LLC AA AA 03, then SNAP with an organisation of zero and an ethertype. */
ALWAYS_INLINE __u16 dissect_llc(struct dissect_input *input, struct dissection *dissection)
{
	__u8 header[8];

	if (dissect_load(input, dissection->offset, header, sizeof(header)))
		return 0;
	dissection->offset += sizeof(header);
	if (header[0] != 0xaa || header[1] != 0xaa || header[2] != 0x03 || header[3] || header[4] || header[5])
		return 0;
	return (__u16)(header[6] << 8 | header[7]);
}

/* One VLAN tag (IEEE 802.1Q, 9.3). */
ALWAYS_INLINE __u16 dissect_vlan(struct dissect_input *input, struct dissection *dissection)
{
	__u8 tag[4];

	if (dissect_load(input, dissection->offset, tag, sizeof(tag)))
		return 0;
	dissection->offset += sizeof(tag);
	return (__u16)(tag[2] << 8 | tag[3]);
}

/* Skip what stands between the link-level and the IP header, one layer of it: the ethertype of what follows, 0 when
 * that leads nowhere. */
ALWAYS_INLINE __u16 dissect_tag(struct dissect_input *input, struct dissection *dissection, __u16 ethertype)
{
	switch (ethertype) {
	case ETHERTYPE_VLAN:
	case ETHERTYPE_SERVICE_VLAN:
	case ETHERTYPE_OLD_VLAN:
		return dissect_vlan(input, dissection);
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return dissect_mpls(input, dissection);
	case ETHERTYPE_PPPOE_SESSION:
		return dissect_pppoe(input, dissection);
	case 1 ... ETHERTYPE_LLC_MAX:
		return dissect_llc(input, dissection);
	default:
		return 0;
	}
}

ALWAYS_INLINE int is_ip(__u16 ethertype)
{
	return ethertype == ETHERTYPE_IPV4 || ethertype == ETHERTYPE_IPV6;
}

/* Skip all of it: the ethertype of the IP header, or 0. */
ALWAYS_INLINE __u16 dissect_tags(struct dissect_input *input, struct dissection *dissection, __u16 ethertype)
{
	UNROLL
	for (int i = 0; i < DISSECT_TAGS; i++) {
		ethertype = follow_tag(input, dissection, ethertype);
		if (!ethertype || is_ip(ethertype))
			return ethertype;
	}
	return 0;
}

#endif
