/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_TABLE_H
#define BPFSNIFF_INTERFACE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "packet/frame.h"

/* The network devices that frames came from; the name of each is looked up once, at its first frame. */
struct interface_table {
	struct interface **items; /* allocated one by one, as frames point to them */
	size_t count, size;
	struct interface *last;
	struct interface nameless; /* in place of one for which there is no memory */
	uint32_t snaplen;          /* bytes, of every device; the caller sets it before the first frame */
};

/* What tells one device from another: the index, the hardware type (ARPHRD_* of <linux/if_arp.h>), and the link type in
 * which its frames are handed on, since a device may show frames of two kinds. */
struct interface_key {
	uint32_t index;
	uint16_t hardware_type;
	uint16_t link_type;
};

/*
 * The device with this key; `fd` is any socket in its network namespace. Never NULL: a device that is gone has no name,
 * and without memory it is nameless too. It lives as long as the table.
 */
const struct interface *interface_table_get(struct interface_table *table, int fd, const struct interface_key *key);

/* Takes a zeroed table too. */
void interface_table_release(struct interface_table *table);

#endif
