/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TCP_OPTIONS_H
#define BPFSNIFF_FLOW_TCP_OPTIONS_H

#include <stdint.h>

/* The window scale of a SYN with `length` bytes of options, the last of several: enum tcp_scale. SCALE_NONE without
 * that option; SCALE_UNKNOWN if none was seen, and what may be one is not among the bytes that were captured. */
uint8_t tcp_option_scale(const uint8_t *options, uint32_t captured, uint32_t length);

#endif
