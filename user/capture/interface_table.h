/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_TABLE_H
#define BPFSNIFF_INTERFACE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "packet/frame.h"

/* The network devices that frames came from, each asked for its name once, when its first frame comes. */
struct interface_table {
	struct interface **items; /* stay where they are: frames point to them */
	size_t count, size;
	struct interface *last;
	uint32_t snaplen; /* of every device; the caller's to set before the first */
};

/*
 * The device with a kernel's index, of a hardware type (ARPHRD_ of <linux/if_arp.h>). `fd` is a socket in its network
 * namespace. Never NULL: a device that is gone has no name, and without memory all devices look alike.
 */
const struct interface *interface_table_get(struct interface_table *table, int fd, unsigned int index,
					    uint16_t hardware_type);

void interface_table_release(struct interface_table *table);

#endif
