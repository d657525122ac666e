/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_IP_EXTENSION_H
#define BPFSNIFF_IP_EXTENSION_H

#include "protocols.h"

/* IPv6 extension headers (RFC 8200, 4), and AH behind IPv4. */

enum {
	FRAGMENT_OFFSET = 0xfff8, /* in the third and fourth byte of a fragment header (RFC 8200, 4.5): counts bytes */
	IPV4_FRAGMENT_OFFSET = 0x1fff, /* in the fragment field of IPv4 (RFC 791, 3.1): counts 8 bytes */
	IPV4_MORE_FRAGMENTS = 0x2000,
};

enum { EXTENSION_MIN = 8 }; /* bytes of the shortest; next header and length are the first two */

ALWAYS_INLINE int is_extension(__u8 ip_version, __u8 protocol)
{
	switch (protocol) {
	case PROTOCOL_HOP_BY_HOP:
	case PROTOCOL_ROUTING:
	case PROTOCOL_FRAGMENT:
	case PROTOCOL_DESTINATION_OPTIONS:
		return ip_version == 6;
	case PROTOCOL_AH:
		return 1;
	default:
		return 0;
	}
}

/* Bytes. `length` is the header's field: of AH it counts 4-byte words less 2 (RFC 4302, 2.2), of the others 8-byte
 * words less 1 (RFC 8200, 4.2); the fragment header has none (4.5). */
ALWAYS_INLINE __u32 extension_length(__u8 protocol, __u8 length)
{
	switch (protocol) {
	case PROTOCOL_AH:
		return (length + 2u) * 4;
	case PROTOCOL_FRAGMENT:
		return 8;
	default:
		return (length + 1u) * 8;
	}
}

#endif
