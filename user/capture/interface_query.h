/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_QUERY_H
#define BPFSNIFF_INTERFACE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

/* What frames begin with (enum link_type) on a device of a hardware type (ARPHRD_ of <linux/if_arp.h>), as a packet
 * socket of type SOCK_RAW gets them; LINK_UNKNOWN when it is not known. */
uint16_t interface_link_type_of(uint16_t hardware_type);

/* What frames begin with on the device of that name (enum link_type); LINK_UNKNOWN when there is none. */
uint16_t interface_link_type(const char *name);

/* Whether the device of that name is up (IFF_UP of netdevice(7)); false also when there is none. */
bool interface_is_up(const char *name);

#endif
