/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_QUERY_H
#define BPFSNIFF_INTERFACE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

/* Questions about one network device. By name, they are about a device in this process's network namespace. */

/* The link type (enum link_type) of the frames that a SOCK_RAW packet socket gets from a device of a hardware type
 * (ARPHRD_* of <linux/if_arp.h>); LINK_UNKNOWN if bpfsniff does not know the type. */
uint16_t interface_link_type_of(uint16_t hardware_type);

/* The link type (enum link_type) of a device; LINK_UNKNOWN also if there is no such device. */
uint16_t interface_link_type(const char *name);

/* Whether a device is up (IFF_UP of netdevice(7)); false also if there is no such device. */
bool interface_is_up(const char *name);

#endif
