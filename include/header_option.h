/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_HEADER_OPTION_H
#define BPFSNIFF_HEADER_OPTION_H

#include "compiler.h"

#ifndef __bpf__
#include <linux/types.h>
#endif

/* The options of IPv4 (RFC 791, 3.1) and TCP (RFC 9293, 3.1): one byte, or kind, length and data. */
enum header_option_kind {
	HEADER_OPTION_END = 0,
	HEADER_OPTION_NO_OPERATION = 1,
	HEADER_OPTION_LOOSE_SOURCE_ROUTE = 131,
	HEADER_OPTION_STRICT_SOURCE_ROUTE = 137,
};

/* Bytes to the next option; 0 when the length of this one is impossible. `left` bytes of the list, 1 or more, are here:
 * an option without its length byte takes at least 2. */
ALWAYS_INLINE __u32 header_option_step(const __u8 *option, __u32 left)
{
	if (option[0] == HEADER_OPTION_NO_OPERATION)
		return 1;
	if (left < 2)
		return 2;
	return option[1] < 2 ? 0 : option[1];
}

#endif
