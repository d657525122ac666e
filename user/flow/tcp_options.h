/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TCP_OPTIONS_H
#define BPFSNIFF_FLOW_TCP_OPTIONS_H

#include <stdint.h>

/* The window scale of a SYN with these `length` bytes of options, the last of several: enum tcp_scale, SCALE_NONE
 * without that option. */
uint8_t tcp_option_scale(const uint8_t *options, uint32_t length);

#endif
