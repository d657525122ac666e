/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_PROBE_H
#define BPFSNIFF_KERNEL_PROBE_H

#include "ebpf/cbpf_to_ebpf.h"

/* How an expression for every interface is to be translated for the running kernel: CBPF_COOKED when a filter's
 * offsets from the network header reach all of a packet (since Linux 6.16), else or when it cannot be found out
 * CBPF_COOKED_LINEAR. Takes no privilege. */
enum cbpf_base kernel_probe_cooked_base(void);

#endif
