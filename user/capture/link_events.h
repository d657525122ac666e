/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LINK_EVENTS_H
#define BPFSNIFF_LINK_EVENTS_H

#include "capture/interface_table.h"

/* A descriptor that is readable when a device of this network namespace has appeared, gone or changed (rtnetlink(7)),
 * or -errno. It needs no privilege. */
int link_events_open(void);

/* Tell the table what has happened to devices. Never blocks. */
void link_events_read(int fd, struct interface_table *table);

#endif
