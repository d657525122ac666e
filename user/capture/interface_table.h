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
	uint32_t snaplen; /* bytes, of every device; the caller sets it before the first frame */
};

/*
 * The device with an interface index and a hardware type (ARPHRD_* of <linux/if_arp.h>); `fd` is any socket in its
 * network namespace. Never NULL: a device that is gone has no name, and without memory it is a nameless device of an
 * unknown link type. It lives as long as the table.
 */
const struct interface *interface_table_get(struct interface_table *table, int fd, unsigned int index,
					    uint16_t hardware_type);

/* Takes a zeroed table too. */
void interface_table_release(struct interface_table *table);

#endif
