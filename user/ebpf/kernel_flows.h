/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FLOWS_H
#define BPFSNIFF_KERNEL_FLOWS_H

#include <stdint.h>

#include "flow_totals.h"

struct kernel_filter;

/* What the filters of a sniffer count of flows, one after the other, in the kernel. */
struct kernel_flows;

/* Give a filter that counts flows, the first of a sniffer, room for so many between two readings. Call it before frames
 * come and before privileges are given up. 0 or -errno. */
int kernel_flows_open(const struct kernel_filter *filter, uint32_t flows, struct kernel_flows **result);

/* The map for filters that take the place of the first. It stays this one's. */
int kernel_flows_fd(const struct kernel_flows *flows);

typedef void kernel_flows_visitor(void *context, const struct flow_id *id, const struct flow_totals *part);

/* Visit what was counted since the last call, each flow once. Times are of CLOCK_MONOTONIC. Frames that are judged
 * meanwhile are of the next call. 0 or -errno. */
int kernel_flows_read(struct kernel_flows *flows, kernel_flows_visitor *visit, void *context);

/* Takes NULL. */
void kernel_flows_close(struct kernel_flows *flows);

#endif
