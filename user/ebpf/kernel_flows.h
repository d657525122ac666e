/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FLOWS_H
#define BPFSNIFF_KERNEL_FLOWS_H

#include <stdint.h>

#include "flow_memory.h"

struct kernel_filter;

/* The memory in which the filters of a sniffer count flows, one after the other. */
struct kernel_flows;

/* Places of its maps among the descriptors. */
enum { KERNEL_FLOWS_SLOTS, KERNEL_FLOWS_LINKS, KERNEL_FLOWS_CONNECTIONS, KERNEL_FLOWS_FDS };

/* Map the memory of a filter that counts flows, the first of a sniffer. Call it before frames come and before
 * privileges are given up. 0 or -errno. */
int kernel_flows_open(const struct kernel_filter *filter, struct kernel_flows **result);

/* The memory, good until it is closed. */
const struct flow_memory *kernel_flows_memory(const struct kernel_flows *flows);

/* The maps for filters that take the place of the first. They stay this one's. */
void kernel_flows_fds(const struct kernel_flows *flows, int fds[KERNEL_FLOWS_FDS]);

/* Wait until all programs that count now have ended. */
void kernel_flows_wait(const struct kernel_flows *flows);

/* Takes NULL. */
void kernel_flows_close(struct kernel_flows *flows);

#endif
