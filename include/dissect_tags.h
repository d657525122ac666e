/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DISSECT_TAGS_H
#define BPFSNIFF_DISSECT_TAGS_H

#include "dissect_input.h"
#include "layers.h"

/* What stands between the link-level and the IP header. decode_ethertype.c in user space follows the same. */

/* One label. The one with the bottom bit is the last (RFC 3032, 2.1); the first nibble behind it tells IPv4 from IPv6.
 */
ALWAYS_INLINE __u16 dissect_mpls(struct dissect_input *input, struct dissection *dissection)
{
	__u8 label[4], version;

	if (dissect_load_inside(input, dissection, label, sizeof(label)))
		return 0;
	dissection->offset += sizeof(label);
	if (!(label[2] & 1))
		return ETHERTYPE_MPLS;
	if (dissect_load_inside(input, dissection, &version, sizeof(version)))
		return 0;
	return version >> 4 == 4 ? ETHERTYPE_IPV4 : version >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
}

/* A PPP protocol number of one byte or two. */
ALWAYS_INLINE __u16 dissect_ppp(struct dissect_input *input, struct dissection *dissection)
{
	__u8 first, second;

	if (dissect_load_inside(input, dissection, &first, sizeof(first)))
		return 0;
	dissection->offset += sizeof(first);
	if (is_ppp_protocol_short(first))
		return ppp_ethertype(first);
	if (dissect_load_inside(input, dissection, &second, sizeof(second)))
		return 0;
	dissection->offset += sizeof(second);
	return ppp_ethertype((__u16)(first << 8 | second));
}

/* RFC 2516, 4: version, type and code; session; length. */
ALWAYS_INLINE __u16 dissect_pppoe(struct dissect_input *input, struct dissection *dissection)
{
	__u8 header[PPPOE_HEADER];

	if (dissect_load_inside(input, dissection, header, sizeof(header)) ||
	    (header[0] << 8 | header[1]) != PPPOE_SESSION_DATA)
		return 0;
	dissection->offset += sizeof(header);
	dissect_enclose(dissection, (__u32)(header[4] << 8 | header[5]));
	return dissect_ppp(input, dissection);
}

/* A length, LLC and SNAP, and an ethertype. */
ALWAYS_INLINE __u16 dissect_llc(struct dissect_input *input, struct dissection *dissection, __u16 length)
{
	__u8 header[LLC_SNAP_HEADER];

	dissect_enclose(dissection, length);
	if (dissect_load_inside(input, dissection, header, sizeof(header)))
		return 0;
	dissection->offset += sizeof(header);
	return is_llc_ethernet(header) ? llc_ethertype(header) : 0;
}

/* One VLAN tag (IEEE 802.1Q, 9.3). */
ALWAYS_INLINE __u16 dissect_vlan(struct dissect_input *input, struct dissection *dissection)
{
	__u8 tag[4];

	if (dissect_load_inside(input, dissection, tag, sizeof(tag)))
		return 0;
	dissection->offset += sizeof(tag);
	return (__u16)(tag[2] << 8 | tag[3]);
}

/* Skip one layer. Returns the ethertype or the length that follows; 0 leads nowhere, as a length too. */
ALWAYS_INLINE __u16 dissect_tag(struct dissect_input *input, struct dissection *dissection, __u16 type)
{
	if (is_length(type))
		return dissect_llc(input, dissection, type);
	if (is_vlan(type))
		return dissect_vlan(input, dissection);
	switch (type) {
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return dissect_mpls(input, dissection);
	case ETHERTYPE_PPPOE_SESSION:
		return dissect_pppoe(input, dissection);
	default:
		return 0;
	}
}

/* Skip all layers. Returns the ethertype of the IP header, or 0. */
ALWAYS_INLINE __u16 dissect_tags(struct dissect_input *input, struct dissection *dissection, __u16 type)
{
	UNROLL
	for (int layer = 0; layer < LINK_LAYERS_MAX; layer++) {
		if (layer == 0 && dissect_has_tag_outside(input))
			continue;
		type = follow_tag(input, dissection, type);
		if (!type || is_ip(type))
			return type;
	}
	return 0;
}

#endif
