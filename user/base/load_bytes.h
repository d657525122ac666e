/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LOAD_BYTES_H
#define BPFSNIFF_LOAD_BYTES_H

#include <stdint.h>
#include <string.h>

/* Copy `length` bytes from an offset of `size` bytes: what bpf_skb_load_bytes() is to code that the kernel shares. 0,
 * or -1 when they are not all there. */
static inline int load_bytes(const uint8_t *bytes, uint32_t size, uint32_t offset, void *to, uint32_t length)
{
	if (offset > size || size - offset < length)
		return -1;
	memcpy(to, bytes + offset, length);
	return 0;
}

#endif
