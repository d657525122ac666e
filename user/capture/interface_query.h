/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_QUERY_H
#define BPFSNIFF_INTERFACE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

/* Questions about one network device. By name, they are about a device in this process's network namespace. */

/* The link type (enum link_type) in which frames of a device of a hardware type (ARPHRD_* of <linux/if_arp.h>) are
 * handed on; LINK_LINUX_SLL if bpfsniff does not know the headers of that type. */
uint16_t interface_link_type_of(uint16_t hardware_type);

/* The same of one frame, which has `link_length` bytes in front of what `ethertype` names, as the kernel says; a device
 * of one hardware type may show frames of another kind. */
uint16_t interface_frame_link_type(uint16_t hardware_type, uint16_t ethertype, uint32_t link_length);

/* Whether the expression for a link type has to be one that asks the kernel where the network header is. */
bool interface_is_cooked(uint16_t link_type);

/* The link type (enum link_type) of a device; LINK_UNKNOWN also if there is no such device. */
uint16_t interface_link_type(const char *name);

/* The hardware type (ARPHRD_*) of a device; ARPHRD_VOID also if there is no such device. */
uint16_t interface_hardware_type(const char *name);

#endif
