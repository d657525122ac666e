/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_PROBE_H
#define BPFSNIFF_KERNEL_PROBE_H

#include "ebpf/cbpf_to_ebpf.h"

/* How to translate an expression for every interface on the running kernel: CBPF_COOKED if offsets from the network
 * header reach all of a packet (since Linux 6.16), CBPF_COOKED_LINEAR if not or if the test fails. Takes no privilege.
 */
enum cbpf_base kernel_probe_cooked_base(void);

#endif
